// Losses of a batch of embeddings or of their similarities: each row is told from the others of the batch.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

/// -log of the positive's share of e^{s/temperature} among itself and the negatives, which all rows share;
/// s is the cosine, or the dot product without `normalize`
struct InfoNce {
  double temperature = .1;  ///< > 0
  bool normalize = true;    ///< cosines instead of dot products
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<InfoNce>{
    Parameter{"temperature", &InfoNce::temperature, domain::positive},
    Parameter{"normalize", &InfoNce::normalize}};
template <>
inline constexpr Facts facts<InfoNce>{
    .name = "info_nce",
    .type = "InfoNce",
    .title = "InfoNCE",
    .formula = "-log of the positive's share of e^{s/temperature}",
    .kind = Kind::row_wise,
    .inputs = {{.name = "query", .axes = "ND", .domain = domain::finite, .about = "embedding"},
               {.name = "positive",
                .axes = "ND",
                .domain = domain::finite,
                .about = "embedding that matches the query's"},
               {.name = "negative",
                .axes = "MD",
                .domain = domain::finite,
                .about = "embeddings that match no query's"}},
    .output = "N",
    .scale = "1/temperature",
    .promises =
        {{Property::nonnegative},
         {.property = Property::scale_invariant, .subject = "query", .where = {{"normalize", 1, 1}}},
         {.property = Property::scale_invariant, .subject = "positive", .where = {{"normalize", 1, 1}}},
         {.property = Property::scale_invariant, .subject = "negative", .where = {{"normalize", 1, 1}}},
         {Property::rotation_invariant},
         {Property::permutation_invariant}},
    .source = {"van den Oord, Li and Vinyals, Representation learning with contrastive predictive coding, "
               "equation 4",
               2018, "https://arxiv.org/abs/1807.03748"},
};

/// Cross-entropy of scale * cos(anchor_i, positive_j) at j = i: the positives of the other rows are negatives
struct MultipleNegativesRanking {
  double scale = 20;  ///< > 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<MultipleNegativesRanking>{
    Parameter{"scale", &MultipleNegativesRanking::scale, domain::positive}};
template <>
inline constexpr Facts facts<MultipleNegativesRanking>{
    .name = "multiple_negatives_ranking",
    .type = "MultipleNegativesRanking",
    .title = "multiple negatives ranking loss",
    .formula = "cross-entropy of scale*cos(anchor_i, positive_j) at j=i",
    .kind = Kind::row_wise,
    .inputs = {{.name = "anchor", .axes = "ND", .domain = domain::finite, .about = "embedding"},
               {.name = "positive",
                .axes = "ND",
                .domain = domain::finite,
                .about = "embedding that matches the anchor's"}},
    .output = "N",
    .rows_depend = true,
    .scale = "scale",
    .promises = {{Property::nonnegative},
                 {Property::scale_invariant, "anchor"},
                 {Property::scale_invariant, "positive"},
                 {Property::rotation_invariant},
                 {Property::permutation_invariant}},
    .source =
        {"Henderson et al., Efficient natural language response suggestion for Smart Reply, section 4.4",
         2017, "https://arxiv.org/abs/1705.00652"},
    .accuracy = declared_norm_wise,
};

/// Rows i and i+N are a pair: -log of the pair's share of e^{cos/temperature} among all other rows
struct NtXent {
  double temperature = .5;  ///< > 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<NtXent>{
    Parameter{"temperature", &NtXent::temperature, domain::positive}};
template <>
inline constexpr Facts facts<NtXent>{
    .name = "nt_xent",
    .type = "NtXent",
    .title = "normalised temperature-scaled cross-entropy",
    .formula = "-log of the pair's share of e^{cos/temperature} among all other rows",
    .kind = Kind::row_wise,
    .inputs = {{.name = "z",
                .axes = "ND",
                .domain = domain::finite,
                .about = "embeddings, the second half paired with the first"}},
    .axis_rules = {{.axis = 'N', .multiple = 2, .text = "even: rows i and i+N/2 are a pair"}},
    .output = "N",
    .rows_depend = true,
    .scale = "1/temperature",
    .promises = {{Property::nonnegative},
                 {Property::scale_invariant, "z"},
                 {Property::rotation_invariant},
                 {Property::permutation_invariant}},
    .source = {"Chen, Kornblith, Norouzi and Hinton, A simple framework for contrastive learning, equation 1",
               2020, "https://arxiv.org/abs/2002.05709"},
};

/// log(1 + sum_j e^{scale an_j (sn_j - margin)} sum_i e^{-scale ap_i (sp_i - 1 + margin)}) with
/// ap = max(0, 1+margin-sp) and an = max(0, sn+margin), both constants for the gradient
struct Circle {
  double scale = 256;   ///< > 0
  double margin = .25;  ///< finite
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<Circle>{Parameter{"scale", &Circle::scale, domain::positive},
                                               Parameter{"margin", &Circle::margin, domain::finite}};
template <>
inline constexpr Facts facts<Circle>{
    .name = "circle",
    .type = "Circle",
    .title = "circle loss",
    .formula = "log(1 + sum_j e^{scale an_j (sn_j - margin)} sum_i e^{-scale ap_i (sp_i - 1 + margin)})",
    .kind = Kind::row_wise,
    .inputs = {{.name = "score_positive",
                .axes = "NP",
                .domain = domain::finite,
                .about = "similarities within the class"},
               {.name = "score_negative",
                .axes = "NQ",
                .domain = domain::finite,
                .about = "similarities to other classes"}},
    .output = "N",
    .scale = "scale",
    .promises = {{Property::nonnegative}, {Property::permutation_invariant}},
    .source = {"Sun et al., Circle loss, equations 4 to 6", 2020, "https://arxiv.org/abs/2002.10857"},
};

/// The mean, over the other rows of a row's label, of -log of their share of e^{cos/temperature} among all
/// other rows; a row alone with its label is 0 and does not count
struct SupCon {
  double temperature = .1;  ///< > 0
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<SupCon>{
    Parameter{"temperature", &SupCon::temperature, domain::positive}};
template <>
inline constexpr Facts facts<SupCon>{
    .name = "supcon",
    .type = "SupCon",
    .title = "supervised contrastive loss",
    .formula = "-(1/|P|) sum_p log of p's share of e^{cos/temperature} among all other rows",
    .kind = Kind::row_wise,
    .inputs = {{.name = "z", .axes = "ND", .domain = domain::finite, .about = "embeddings"},
               {.name = "labels",
                .axes = "N",
                .domain = domain::any_label,
                .about = "rows of one label are each other's positives",
                .integer = true}},
    .output = "N",
    .rows_depend = true,
    .scale = "1/temperature",
    .promises = {{Property::nonnegative},
                 {Property::scale_invariant, "z"},
                 {Property::rotation_invariant},
                 {Property::permutation_invariant}},
    .conventions = {{.name = "lone-rows-counted",
                     .about = "the mean counts rows alone with their label, as 0",
                     .used_by = "SupContrast",
                     .link = "https://github.com/HobbitLong/SupContrast/blob/master/losses.py"}},
    .source = {"Khosla et al., Supervised contrastive learning, equation 2", 2020,
               "https://arxiv.org/abs/2004.11362"},
};

}  // namespace assay
