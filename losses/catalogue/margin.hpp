// Losses of a score x, a distance x or a pair of scores against a label t in {-1, 1}, most of them through a
// margin such as t x.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

/// max(0, 1 - t x)
struct Hinge {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// max(0, 1 - t x)^2
struct SquaredHinge {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// log(1 + e^{-t x})
struct SoftMargin {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// e^{-t x}
struct Exponential {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// x where t = 1, else max(0, margin - x)
struct HingeEmbedding {
  double margin = 1;  ///< in the unit of x
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// max(0, -t (x1 - x2) + margin)
struct MarginRanking {
  double margin = 0;  ///< in the unit of x1
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

namespace margin {
inline constexpr std::array scored{
    Input{.name = "score", .axes = ".", .domain = domain::extended, .about = "positive for the class"},
    Input{.name = "target", .axes = ".", .domain = domain::sign, .about = "label"}};
inline constexpr std::array distance_and_label{
    Input{.name = "distance", .axes = ".", .domain = domain::finite, .about = "between the two of a pair"},
    Input{.name = "target",
          .axes = ".",
          .domain = domain::sign,
          .about = "1 for a pair that belongs together"}};
inline constexpr std::array ranked{
    Input{.name = "x1",
          .axes = ".",
          .domain = domain::extended,
          .origin = Origin::partner,
          .partner = "x2",
          .about = "score of the one that ranks higher where target is 1"},
    Input{.name = "x2",
          .axes = ".",
          .domain = domain::extended,
          .origin = Origin::counted,
          .about = "score of the other"},
    Input{.name = "target", .axes = ".", .domain = domain::sign, .about = "1 where x1 ranks higher"}};
inline constexpr std::array squared_hinge_promises{Promise{Property::nonnegative},
                                                   Promise{Property::convex, "score"},
                                                   Promise{Property::smooth, "score", 2}};
inline constexpr std::array soft_margin_promises{
    Promise{Property::nonnegative}, Promise{Property::convex, "score"},
    Promise{Property::lipschitz, "score", 1}, Promise{Property::smooth, "score", .25}};
inline constexpr std::array hinge_embedding_promises{Promise{Property::convex, "distance"},
                                                     Promise{Property::lipschitz, "distance", 1},
                                                     Promise{Property::homogeneous, "distance,margin", 1}};
inline constexpr std::array ranking_promises{Promise{Property::nonnegative},
                                             Promise{Property::convex, "x1,x2"},
                                             Promise{Property::lipschitz, "x1", 1},
                                             Promise{Property::lipschitz, "x2", 1},
                                             Promise{Property::homogeneous, "x1,x2,margin", 1},
                                             Promise{Property::translation_invariant, "x1,x2"}};
inline constexpr std::array hinge_promises{Promise{Property::nonnegative}, Promise{Property::convex, "score"},
                                           Promise{Property::lipschitz, "score", 1}};
inline constexpr std::array exponential_promises{Promise{Property::nonnegative},
                                                 Promise{Property::convex, "score"}};
}  // namespace margin

template <>
inline constexpr std::array parameters<HingeEmbedding>{
    Parameter<HingeEmbedding>{"margin", &HingeEmbedding::margin, domain::finite}};
template <>
inline constexpr std::array parameters<MarginRanking>{
    Parameter<MarginRanking>{"margin", &MarginRanking::margin, domain::finite}};

template <>
inline constexpr Facts facts<Hinge>{
    .name = "hinge",
    .type = "Hinge",
    .title = "hinge loss",
    .formula = "max(0, 1-t x)",
    .kind = Kind::element_wise,
    .inputs = margin::scored,
    .output = ".",
    .scale = "max(1, abs(t x))",
    .promises = margin::hinge_promises,
    .conventions = {},
    .source = {"Cortes and Vapnik, Support-vector networks", 1995, "https://doi.org/10.1007/BF00994018"}};

template <>
inline constexpr Facts facts<SquaredHinge>{
    .name = "squared_hinge",
    .type = "SquaredHinge",
    .title = "squared hinge loss",
    .formula = "max(0, 1-t x)^2",
    .kind = Kind::element_wise,
    .inputs = margin::scored,
    .output = ".",
    .scale = "max(1, abs(t x))^2",
    .promises = margin::squared_hinge_promises,
    .conventions = {},
    .source = {"Chapelle, Training a support vector machine in the primal", 2007,
               "https://doi.org/10.1162/neco.2007.19.5.1155"}};

template <>
inline constexpr Facts facts<SoftMargin>{
    .name = "soft_margin",
    .type = "SoftMargin",
    .title = "soft margin loss",
    .formula = "log(1+e^{-t x})",
    .kind = Kind::element_wise,
    .inputs = margin::scored,
    .output = ".",
    .scale = "1",
    .promises = margin::soft_margin_promises,
    .conventions = {},
    .source = {"Collins, Schapire and Singer, Logistic regression, AdaBoost and Bregman distances", 2002,
               "https://doi.org/10.1023/A:1013912006537"}};

template <>
inline constexpr Facts facts<Exponential>{
    .name = "exponential",
    .type = "Exponential",
    .title = "exponential loss",
    .formula = "e^{-t x}",
    .kind = Kind::element_wise,
    .inputs = margin::scored,
    .output = ".",
    .scale = "0",
    .promises = margin::exponential_promises,
    .conventions = {},
    .source = {
        "Friedman, Hastie and Tibshirani, Additive logistic regression: a statistical view of boosting", 2000,
        "https://doi.org/10.1214/aos/1016218223"}};

template <>
inline constexpr Facts facts<HingeEmbedding>{
    .name = "hinge_embedding",
    .type = "HingeEmbedding",
    .title = "hinge embedding loss",
    .formula = "x if t=1, else max(0, margin-x)",
    .kind = Kind::element_wise,
    .inputs = margin::distance_and_label,
    .output = ".",
    .scale = "abs(x) if t=1, else max(abs(margin), abs(x))",
    .promises = margin::hinge_embedding_promises,
    .conventions = {},
    .source = {"Mobahi, Collobert and Weston, Deep learning from temporal coherence in video", 2009,
               "https://doi.org/10.1145/1553374.1553469"}};

template <>
inline constexpr Facts facts<MarginRanking>{
    .name = "margin_ranking",
    .type = "MarginRanking",
    .title = "margin ranking loss",
    .formula = "max(0, -t(x1-x2)+margin)",
    .kind = Kind::element_wise,
    .inputs = margin::ranked,
    .output = ".",
    .scale = "max(abs(x1), abs(x2), abs(margin))",
    .promises = margin::ranking_promises,
    .conventions = {},
    .source = {"Joachims, Optimizing search engines using clickthrough data, section 4", 2002,
               "https://doi.org/10.1145/775047.775067"}};

}  // namespace assay
