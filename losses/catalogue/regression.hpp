// Losses of a real prediction x against a real target t. Units: those of x, squared where the formula squares.
#pragma once

#include "losses/spec.hpp"

namespace assay {

/// (x-t)^2
struct Mse {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// |x-t|
struct Mae {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// a^2/2 where |a| <= delta, else delta (|a| - delta/2), a = x-t
struct Huber {
  double delta = 1;  ///< > 0, in the unit of x
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// a^2/(2 beta) where |a| < beta, else |a| - beta/2, a = x-t
struct SmoothL1 {
  double beta = 1;  ///< > 0, in the unit of x
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// log cosh(x-t)
struct LogCosh {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// (log v + (x-t)^2/v)/2, and log(2 pi)/2 more when full
struct GaussianNll {
  bool full = false;  ///< add the constant log(2 pi)/2
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

namespace regression {
inline constexpr Input prediction{.name = "prediction",
                                  .axes = ".",
                                  .domain = domain::extended,
                                  .origin = Origin::partner,
                                  .partner = "target",
                                  .about = "what the model says"};
inline constexpr Input target{.name = "target",
                              .axes = ".",
                              .domain = domain::finite,
                              .origin = Origin::counted,
                              .about = "what is true, in the prediction's unit"};
inline constexpr std::array pair{prediction, target};
inline constexpr std::array pair_and_variance{
    prediction, target,
    Input{.name = "variance", .axes = ".", .domain = domain::positive, .about = "of the prediction, its unit squared"}};
inline constexpr Promise nonnegative{Property::nonnegative}, symmetric{Property::symmetric},
    zero_at_match{Property::zero_at_match}, convex{Property::convex, "prediction"},
    translation_invariant{Property::translation_invariant};
inline constexpr std::array squared_promises{nonnegative, symmetric, zero_at_match, convex, translation_invariant};
inline constexpr std::array unit_slope_promises{nonnegative,
                                                symmetric,
                                                zero_at_match,
                                                convex,
                                                translation_invariant,
                                                Promise{Property::lipschitz, "prediction", 1}};
inline constexpr std::array huber_promises{nonnegative,
                                           symmetric,
                                           zero_at_match,
                                           convex,
                                           translation_invariant,
                                           Promise{Property::lipschitz, "prediction", 0, "delta"}};
inline constexpr std::array gaussian_promises{convex, symmetric, translation_invariant};
}  // namespace regression

template <>
inline constexpr std::array parameters<Huber>{Parameter<Huber>{"delta", &Huber::delta, domain::positive}};
template <>
inline constexpr std::array parameters<SmoothL1>{Parameter<SmoothL1>{"beta", &SmoothL1::beta, domain::positive}};
template <>
inline constexpr std::array parameters<GaussianNll>{Parameter<GaussianNll>{"full", &GaussianNll::full}};

template <>
inline constexpr Facts facts<Mse>{
    .name = "mse",
    .type = "Mse",
    .title = "mean squared error",
    .formula = "(x-t)^2",
    .kind = Kind::element_wise,
    .inputs = regression::pair,
    .output = ".",
    .scale = "0",
    .promises = regression::squared_promises,
    .conventions = {},
    .source = {"Legendre, Nouvelles methodes pour la determination des orbites des cometes, appendix", 1805,
               "https://archive.org/details/nouvellesmethode00legeuoft"}};

template <>
inline constexpr Facts facts<Mae>{
    .name = "mae",
    .type = "Mae",
    .title = "mean absolute error",
    .formula = "abs(x-t)",
    .kind = Kind::element_wise,
    .inputs = regression::pair,
    .output = ".",
    .scale = "0",
    .promises = regression::unit_slope_promises,
    .conventions = {},
    .source = {"Bloomfield and Steiger, Least Absolute Deviations: Theory, Applications and Algorithms", 1983,
               "https://doi.org/10.1007/978-1-4684-8574-5"}};

template <>
inline constexpr Facts facts<Huber>{
    .name = "huber",
    .type = "Huber",
    .title = "Huber loss",
    .formula = "a^2/2 if abs(a)<=delta, else delta(abs(a)-delta/2); a=x-t",
    .kind = Kind::element_wise,
    .inputs = regression::pair,
    .output = ".",
    .scale = "0",
    .promises = regression::huber_promises,
    .conventions = {},
    .source = {"Huber, Robust estimation of a location parameter, section 2", 1964,
               "https://doi.org/10.1214/aoms/1177703732"}};

template <>
inline constexpr Facts facts<SmoothL1>{
    .name = "smooth_l1",
    .type = "SmoothL1",
    .title = "smooth L1 loss",
    .formula = "a^2/(2 beta) if abs(a)<beta, else abs(a)-beta/2; a=x-t",
    .kind = Kind::element_wise,
    .inputs = regression::pair,
    .output = ".",
    .scale = "0",
    .promises = regression::unit_slope_promises,
    .conventions = {},
    .source = {"Girshick, Fast R-CNN, equation 3", 2015, "https://arxiv.org/abs/1504.08083"}};

template <>
inline constexpr Facts facts<LogCosh>{
    .name = "log_cosh",
    .type = "LogCosh",
    .title = "log-cosh loss",
    .formula = "log cosh(x-t)",
    .kind = Kind::element_wise,
    .inputs = regression::pair,
    .output = ".",
    .scale = "1",
    .promises = regression::unit_slope_promises,
    .conventions = {},
    .source = {"Green, Bayesian reconstructions from emission tomography data using a modified EM algorithm", 1990,
               "https://doi.org/10.1109/42.52985"}};

template <>
inline constexpr Facts facts<GaussianNll>{
    .name = "gaussian_nll",
    .type = "GaussianNll",
    .title = "Gaussian negative log-likelihood",
    .formula = "(log v + (x-t)^2/v)/2; full adds log(2 pi)/2",
    .kind = Kind::element_wise,
    .inputs = regression::pair_and_variance,
    .output = ".",
    .scale = "max(abs(log v)/2, (x-t)^2/(2v))",
    .promises = regression::gaussian_promises,
    .conventions = {},
    .source = {"Nix and Weigend, Estimating the mean and variance of the target probability distribution", 1994,
               "https://doi.org/10.1109/ICNN.1994.374138"}};

}  // namespace assay
