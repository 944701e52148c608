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

}  // namespace assay
