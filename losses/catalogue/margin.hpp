// Losses of a score x against a label t in {-1, 1}, through the margin t x.
#pragma once

#include "losses/spec.hpp"

namespace assay {

/// max(0, 1 - t x)
struct Hinge {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// e^{-t x}
struct Exponential {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

namespace margin {
inline constexpr std::array scored{
    Input{.name = "score", .axes = ".", .domain = domain::extended, .about = "positive for the class"},
    Input{.name = "target", .axes = ".", .domain = domain::sign, .about = "label"}};
inline constexpr std::array hinge_promises{Promise{Property::nonnegative}, Promise{Property::convex, "score"},
                                           Promise{Property::lipschitz, "score", 1}};
inline constexpr std::array exponential_promises{Promise{Property::nonnegative}, Promise{Property::convex, "score"}};
}  // namespace margin

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
    .source = {"Friedman, Hastie and Tibshirani, Additive logistic regression: a statistical view of boosting", 2000,
               "https://doi.org/10.1214/aos/1016218223"}};

}  // namespace assay
