// Losses of a score x, a distance x or a pair of scores against a label t in {-1, 1}, most of them through a
// margin such as t x.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

namespace margin {
inline constexpr Inputs scored{
    {.name = "score", .axes = ".", .domain = domain::extended, .about = "positive for the class"},
    {.name = "target", .axes = ".", .domain = domain::sign, .about = "label"}};
}  // namespace margin

/// max(0, 1 - t x)
struct Hinge {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
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
    .promises = {{Property::nonnegative}, {Property::convex, "score"}, {Property::lipschitz, "score", 1}},
    .source = {"Cortes and Vapnik, Support-vector networks", 1995, "https://doi.org/10.1007/BF00994018"},
};

/// max(0, 1 - t x)^2
struct SquaredHinge {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
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
    .promises = {{Property::nonnegative}, {Property::convex, "score"}, {Property::smooth, "score", 2}},
    .source = {"Chapelle, Training a support vector machine in the primal", 2007,
               "https://doi.org/10.1162/neco.2007.19.5.1155"},
};

/// log(1 + e^{-t x})
struct SoftMargin {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
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
    .promises = {{Property::nonnegative},
                 {Property::convex, "score"},
                 {Property::lipschitz, "score", 1},
                 {Property::smooth, "score", .25}},
    .source = {"Collins, Schapire and Singer, Logistic regression, AdaBoost and Bregman distances", 2002,
               "https://doi.org/10.1023/A:1013912006537"},
};

/// e^{-t x}
struct Exponential {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
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
    .promises = {{Property::nonnegative}, {Property::convex, "score"}},
    .source =
        {"Friedman, Hastie and Tibshirani, Additive logistic regression: a statistical view of boosting",
         2000, "https://doi.org/10.1214/aos/1016218223"},
};

/// x where t = 1, else max(0, margin - x)
struct HingeEmbedding {
  double margin = 1;  ///< in the unit of x
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<HingeEmbedding>{
    Parameter{"margin", &HingeEmbedding::margin, domain::finite}};
template <>
inline constexpr Facts facts<HingeEmbedding>{
    .name = "hinge_embedding",
    .type = "HingeEmbedding",
    .title = "hinge embedding loss",
    .formula = "x if t=1, else max(0, margin-x)",
    .kind = Kind::element_wise,
    .inputs =
        {{.name = "distance", .axes = ".", .domain = domain::finite, .about = "between the two of a pair"},
         {.name = "target",
          .axes = ".",
          .domain = domain::sign,
          .about = "1 for a pair that belongs together"}},
    .output = ".",
    .scale = "abs(x) if t=1, else max(abs(margin), abs(x))",
    .promises = {{Property::convex, "distance"},
                 {Property::lipschitz, "distance", 1},
                 {Property::homogeneous, "distance,margin", 1}},
    .source = {"Mobahi, Collobert and Weston, Deep learning from temporal coherence in video", 2009,
               "https://doi.org/10.1145/1553374.1553469"},
};

/// max(0, -t (x1 - x2) + margin)
struct MarginRanking {
  double margin = 0;  ///< in the unit of x1
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<MarginRanking>{
    Parameter{"margin", &MarginRanking::margin, domain::finite}};
template <>
inline constexpr Facts facts<MarginRanking>{
    .name = "margin_ranking",
    .type = "MarginRanking",
    .title = "margin ranking loss",
    .formula = "max(0, -t(x1-x2)+margin)",
    .kind = Kind::element_wise,
    .inputs = {{.name = "x1",
                .axes = ".",
                .domain = domain::extended,
                .origin = Origin::partner,
                .partner = "x2",
                .about = "score of the one that ranks higher where target is 1"},
               {.name = "x2",
                .axes = ".",
                .domain = domain::extended,
                .origin = Origin::counted,
                .about = "score of the other"},
               {.name = "target", .axes = ".", .domain = domain::sign, .about = "1 where x1 ranks higher"}},
    .output = ".",
    .scale = "max(abs(x1), abs(x2), abs(margin))",
    .promises = {{Property::nonnegative},
                 {Property::convex, "x1,x2"},
                 {Property::lipschitz, "x1", 1},
                 {Property::lipschitz, "x2", 1},
                 {Property::homogeneous, "x1,x2,margin", 1},
                 {Property::translation_invariant, "x1,x2"}},
    .source = {"Joachims, Optimizing search engines using clickthrough data, section 4", 2002,
               "https://doi.org/10.1145/775047.775067"},
};

}  // namespace assay
