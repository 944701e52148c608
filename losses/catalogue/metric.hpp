// Losses of embeddings: rows of D features, compared by distance or cosine.
#pragma once

#include "losses/spec.hpp"

namespace assay {

/// max(0, d(a,p) - d(a,n) + margin), d the p-norm of the difference; swap takes min(d(a,n), d(p,n)) for d(a,n),
/// squared takes d^2 for d
struct TripletMargin {
  double margin = 1;      ///< finite, in the unit of d
  std::int64_t p = 2;     ///< norm degree, 1 or 2
  bool squared = false;   ///< squared distances
  bool swap = false;      ///< distance swap
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// -log of the positive's share of e^{s/temperature} among itself and the negatives, which all rows share;
/// s is the cosine, or the dot product without `normalize`
struct InfoNce {
  double temperature = .1;  ///< > 0
  bool normalize = true;    ///< cosines instead of dot products
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// softmax: -S_j + lse_k S_k; contrast: 1 - sigmoid(S_j) + max_{k!=j} sigmoid(S_k); S_k = w cos(e, c_k) + b, c_k
/// the mean of speaker k's utterances, an utterance left out of its own speaker's
struct Ge2e {
  double w = 10;  ///< > 0
  double b = -5;  ///< finite; drops out of the softmax variant
  std::string_view variant = "softmax";  ///< or "contrast"
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

namespace metric {
inline constexpr std::array triplet{
    Input{.name = "anchor", .axes = ".D", .domain = domain::finite, .origin = Origin::counted, .about = "embedding"},
    Input{.name = "positive",
          .axes = ".D",
          .domain = domain::finite,
          .origin = Origin::partner,
          .partner = "anchor",
          .about = "embedding of the anchor's class"},
    Input{.name = "negative",
          .axes = ".D",
          .domain = domain::finite,
          .origin = Origin::partner,
          .partner = "anchor",
          .about = "embedding of another class"}};
inline constexpr std::array shared_negatives{
    Input{.name = "query", .axes = "ND", .domain = domain::finite, .about = "embedding"},
    Input{.name = "positive", .axes = "ND", .domain = domain::finite, .about = "embedding that matches the query's"},
    Input{.name = "negative", .axes = "MD", .domain = domain::finite, .about = "embeddings that match no query's"}};
inline constexpr std::array utterances{Input{
    .name = "embedding", .axes = "SUD", .domain = domain::finite, .about = "embeddings by speaker and utterance"}};
inline constexpr std::array two_utterances{AxisRule{.axis = 'U', .least = 2, .text = "at least 2"}};
inline constexpr std::array<std::string_view, 2> ge2e_variants{"softmax", "contrast"};
inline constexpr std::array ge2e_promises{Promise{Property::nonnegative}, Promise{Property::permutation_invariant}};
inline constexpr std::array triplet_promises{Promise{Property::nonnegative}, Promise{Property::permutation_invariant}};
inline constexpr std::array info_nce_promises{Promise{Property::nonnegative}, Promise{Property::permutation_invariant}};
}  // namespace metric

template <>
inline constexpr std::array parameters<TripletMargin>{
    Parameter<TripletMargin>{"margin", &TripletMargin::margin, domain::finite},
    Parameter<TripletMargin>{"p", &TripletMargin::p, domain::one_or_two},
    Parameter<TripletMargin>{"squared", &TripletMargin::squared},
    Parameter<TripletMargin>{"swap", &TripletMargin::swap}};
template <>
inline constexpr std::array parameters<InfoNce>{
    Parameter<InfoNce>{"temperature", &InfoNce::temperature, domain::positive},
    Parameter<InfoNce>{"normalize", &InfoNce::normalize}};
template <>
inline constexpr std::array parameters<Ge2e>{Parameter<Ge2e>{"w", &Ge2e::w, domain::positive},
                                             Parameter<Ge2e>{"b", &Ge2e::b, domain::finite},
                                             Parameter<Ge2e>{"variant", &Ge2e::variant, {}, metric::ge2e_variants}};

template <>
inline constexpr Facts facts<TripletMargin>{
    .name = "triplet_margin",
    .type = "TripletMargin",
    .title = "triplet margin loss",
    .formula = "max(0, d(a,p)-d(a,n)+margin)",
    .kind = Kind::row_wise,
    .inputs = metric::triplet,
    .output = ".",
    .scale = "max(d(a,p), d(a,n), abs(margin))",
    .promises = metric::triplet_promises,
    .conventions = {},
    .source = {"Schroff, Kalenichenko and Philbin, FaceNet, equation 3; swap: Balntas et al., BMVC 2016", 2015,
               "https://arxiv.org/abs/1503.03832"}};

template <>
inline constexpr Facts facts<InfoNce>{
    .name = "info_nce",
    .type = "InfoNce",
    .title = "InfoNCE",
    .formula = "-log of the positive's share of e^{s/temperature}",
    .kind = Kind::row_wise,
    .inputs = metric::shared_negatives,
    .output = "N",
    .scale = "1/temperature",
    .promises = metric::info_nce_promises,
    .conventions = {},
    .source = {"van den Oord, Li and Vinyals, Representation learning with contrastive predictive coding, equation 4",
               2018, "https://arxiv.org/abs/1807.03748"}};

template <>
inline constexpr Facts facts<Ge2e>{
    .name = "ge2e",
    .type = "Ge2e",
    .title = "generalized end-to-end loss",
    .formula = "softmax: -S_j + lse_k S_k; contrast: 1 - sigmoid(S_j) + max_{k!=j} sigmoid(S_k); S_k = w cos(e, c_k) + b, "
               "own utterance excluded from its own centroid",
    .kind = Kind::row_wise,
    .inputs = metric::utterances,
    .axis_rules = metric::two_utterances,
    .output = "SU",
    .rows_depend = true,
    .scale = "w",
    .promises = metric::ge2e_promises,
    .conventions = {},
    .source = {"Wan, Wang, Papir and Lopez Moreno, Generalized end-to-end loss for speaker verification, equations 1 and 5 "
               "to 9",
               2018, "https://arxiv.org/abs/1710.10467"}};

}  // namespace assay
