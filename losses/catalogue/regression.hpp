// Losses of a real prediction x against a real target t. Units: those of x, squared where the formula
// squares.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

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
inline constexpr Inputs pair{prediction, target};
inline constexpr Convention halved{
    .name = "halved",
    .about = "half of it, whose derivative has no factor of 2",
    .used_by = "scikit-learn, optax",
    .link = "https://optax.readthedocs.io/en/latest/api/losses.html#optax.losses.l2_loss"};
}  // namespace regression

/// (x-t)^2
struct Mse {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
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
    .promises = {{Property::nonnegative},
                 {Property::symmetric},
                 {Property::zero_at_match},
                 {Property::convex, "prediction,target"},
                 {Property::translation_invariant, "prediction,target"},
                 {Property::homogeneous, "prediction,target", 2},
                 {Property::smooth, "prediction", 2}},
    .conventions = {regression::halved},
    .source = {"Legendre, Nouvelles methodes pour la determination des orbites des cometes, appendix", 1805,
               "https://archive.org/details/nouvellesmethode00legeuoft"},
};

/// |x-t|
struct Mae {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
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
    .promises = {{Property::nonnegative},
                 {Property::symmetric},
                 {Property::zero_at_match},
                 {Property::convex, "prediction,target"},
                 {Property::lipschitz, "prediction", 1},
                 {Property::homogeneous, "prediction,target", 1},
                 {Property::translation_invariant, "prediction,target"}},
    .source = {"Bloomfield and Steiger, Least Absolute Deviations: Theory, Applications and Algorithms", 1983,
               "https://doi.org/10.1007/978-1-4684-8574-5"},
};

/// (log(1+x) - log(1+t))^2
struct Msle {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<Msle>{
    .name = "msle",
    .type = "Msle",
    .title = "mean squared logarithmic error",
    .formula = "(log(1+x) - log(1+t))^2",
    .kind = Kind::element_wise,
    .inputs = {{.name = "prediction",
                .axes = ".",
                .domain = {.low = -1, .low_open = true, .infinities = true, .text = "above -1"},
                .about = "what the model says"},
               {.name = "target",
                .axes = ".",
                .domain = {.low = -1, .low_open = true, .text = "above -1 and finite"},
                .about = "what is true, in the prediction's unit"}},
    .output = ".",
    .scale = "0",
    .promises = {{Property::nonnegative}, {Property::symmetric}, {Property::zero_at_match}},
    .conventions = {{.name = "inputs-floored-1e-7",
                     .about = "prediction and target below 1e-7, negative ones too, count as 1e-7",
                     .used_by = "keras, tfjs",
                     .link =
                         "https://keras.io/api/losses/regression_losses/#meansquaredlogarithmicerror-class"}},
    .source = {"Pedregosa et al., Scikit-learn: user guide, Mean squared logarithmic error", 2011,
               "https://scikit-learn.org/stable/modules/model_evaluation.html#mean-squared-log-error"},
};

/// 100 |(x-t)/t|
struct Mape {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr Facts facts<Mape>{
    .name = "mape",
    .type = "Mape",
    .title = "mean absolute percentage error",
    .formula = "100 abs((x-t)/t)",
    .kind = Kind::element_wise,
    .inputs = {regression::prediction,
               {.name = "target",
                .axes = ".",
                .domain = {.kind = Domain::Kind::nonzero, .text = "finite and not 0"},
                .about = "what is true, in the prediction's unit"}},
    .output = ".",
    .scale = "0",
    .promises = {{Property::nonnegative},
                 {Property::zero_at_match},
                 {Property::convex, "prediction"},
                 {Property::homogeneous, "prediction,target", 0}},
    .conventions = {{.name = "target-floored-1e-7",
                     .about = "the difference is divided by max(abs(t), 1e-7)",
                     .used_by = "keras, tfjs",
                     .link =
                         "https://keras.io/api/losses/regression_losses/#meanabsolutepercentageerror-class"},
                    {.name = "target-floored-2^-52",
                     .about = "the difference is divided by max(abs(t), 2^-52)",
                     .used_by = "scikit-learn",
                     .link = "https://scikit-learn.org/stable/modules/generated/"
                             "sklearn.metrics.mean_absolute_percentage_error.html"}},
    .source = {"Hyndman and Koehler, Another look at measures of forecast accuracy, section 2.2", 2006,
               "https://doi.org/10.1016/j.ijforecast.2006.03.001"},
};

/// a^2/2 where |a| <= delta, else delta (|a| - delta/2), a = x-t
struct Huber {
  double delta = 1;  ///< > 0, in the unit of x
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<Huber>{Parameter{"delta", &Huber::delta, domain::positive}};
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
    .promises = {{Property::nonnegative},
                 {Property::symmetric},
                 {Property::zero_at_match},
                 {Property::convex, "prediction,target"},
                 {Property::lipschitz, "prediction", 1, "delta"},
                 {Property::smooth, "prediction", 1},
                 {Property::homogeneous, "prediction,target,delta", 2},
                 {Property::translation_invariant, "prediction,target"}},
    .source = {"Huber, Robust estimation of a location parameter, section 2", 1964,
               "https://doi.org/10.1214/aoms/1177703732"},
};

/// a^2/(2 beta) where |a| < beta, else |a| - beta/2, a = x-t
struct SmoothL1 {
  double beta = 1;  ///< > 0, in the unit of x
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<SmoothL1>{Parameter{"beta", &SmoothL1::beta, domain::positive}};
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
    .promises = {{Property::nonnegative},
                 {Property::symmetric},
                 {Property::zero_at_match},
                 {Property::convex, "prediction,target"},
                 {Property::lipschitz, "prediction", 1},
                 {.property = Property::smooth, .subject = "prediction", .constant = 1, .over = "beta"},
                 {Property::homogeneous, "prediction,target,beta", 1},
                 {Property::translation_invariant, "prediction,target"}},
    .source = {"Girshick, Fast R-CNN, equation 3", 2015, "https://arxiv.org/abs/1504.08083"},
};

/// log cosh(x-t)
struct LogCosh {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
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
    .promises = {{Property::nonnegative},
                 {Property::symmetric},
                 {Property::zero_at_match},
                 {Property::convex, "prediction,target"},
                 {Property::lipschitz, "prediction", 1},
                 {Property::smooth, "prediction", 1},
                 {Property::translation_invariant, "prediction,target"}},
    .source = {"Green, Bayesian reconstructions from emission tomography data using a modified EM algorithm",
               1990, "https://doi.org/10.1109/42.52985"},
};

/// max(q (t-x), (q-1) (t-x))
struct Quantile {
  double q = .5;  ///< which quantile of t the best x is, in (0, 1)
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<Quantile>{Parameter{
    "q",
    &Quantile::q,
    {.low = 0, .high = 1, .low_open = true, .high_open = true, .text = "between 0 and 1, neither of them"}}};
template <>
inline constexpr Facts facts<Quantile>{
    .name = "quantile",
    .type = "Quantile",
    .title = "quantile loss",
    .formula = "max(q(t-x), (q-1)(t-x))",
    .kind = Kind::element_wise,
    .inputs = regression::pair,
    .output = ".",
    .scale = "0",
    .promises = {{Property::nonnegative},
                 {Property::zero_at_match},
                 {Property::convex, "prediction,target"},
                 {Property::translation_invariant, "prediction,target"},
                 {Property::lipschitz, "prediction", 1},
                 {Property::homogeneous, "prediction,target", 1}},
    .source = {"Koenker and Bassett, Regression quantiles, section 3", 1978,
               "https://doi.org/10.2307/1913643"},
};

/// e^x - t x, or x - t log(x + eps); t log t - t + log(2 pi t)/2 more when full, where t > 1
struct PoissonNll {
  bool log_input = true;  ///< x is the logarithm of the rate
  bool full = false;      ///< add Stirling's approximation of log t!
  double eps = 0;         ///< >= 0, in the unit of x, added to the rate before its logarithm is taken
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<PoissonNll>{Parameter{"log_input", &PoissonNll::log_input},
                                                   Parameter{"full", &PoissonNll::full},
                                                   Parameter{"eps", &PoissonNll::eps, domain::nonnegative}};
template <>
inline constexpr Facts facts<PoissonNll>{
    .name = "poisson_nll",
    .type = "PoissonNll",
    .title = "Poisson negative log-likelihood",
    .formula =
        "e^x - t x, or x - t log(x+eps) without log_input; full adds t log t - t + log(2 pi t)/2 where t>1",
    .kind = Kind::element_wise,
    .inputs =
        {{.name = "prediction",
          .axes = ".",
          .domain = domain::extended,
          .about = "the rate that the model says, or its logarithm"},
         {.name = "target", .axes = ".", .domain = domain::nonnegative, .about = "how often it happened"}},
    .instead = {{"prediction", "log_input", 0, 0, {.low = 0, .infinities = true, .text = "nonnegative"}},
                {"target", "full", 1, 1, domain::nonnegative, true}},
    .output = ".",
    .scale = "the largest absolute term",
    .promises = {{Property::convex, "prediction"},
                 {.property = Property::affine, .subject = "target", .where = {{"full", 0, 0}}}},
    .conventions = {{.name = "rate-plus-1e-7",
                     .about = "without log_input, 1e-7 is added to the rate before its logarithm is taken, "
                              "whatever eps is",
                     .used_by = "keras, tfjs",
                     .link = "https://keras.io/api/losses/probabilistic_losses/#poisson-class"}},
    .source = {"Nelder and Wedderburn, Generalized linear models, section 1", 1972,
               "https://doi.org/10.2307/2344614"},
};

/// (log v + (x-t)^2/v)/2, and log(2 pi)/2 more when full
struct GaussianNll {
  bool full = false;  ///< add the constant log(2 pi)/2
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<GaussianNll>{Parameter{"full", &GaussianNll::full}};
template <>
inline constexpr Facts facts<GaussianNll>{
    .name = "gaussian_nll",
    .type = "GaussianNll",
    .title = "Gaussian negative log-likelihood",
    .formula = "(log v + (x-t)^2/v)/2; full adds log(2 pi)/2",
    .kind = Kind::element_wise,
    .inputs = {regression::prediction,
               regression::target,
               {.name = "variance",
                .axes = ".",
                .domain = domain::positive,
                .about = "of the prediction, its unit squared"}},
    .output = ".",
    .scale = "max(abs(log v)/2, (x-t)^2/(2v))",
    .promises = {{Property::convex, "prediction"},
                 {Property::symmetric},
                 {Property::translation_invariant, "prediction,target"}},
    .source = {"Nix and Weigend, Estimating the mean and variance of the target probability distribution",
               1994, "https://doi.org/10.1109/ICNN.1994.374138"},
};

/// The unit deviance of a distribution whose variance is its mean to the `power`: (x-t)^2 at 0,
/// 2 (t log(t/x) - t + x) at 1, 2 (log(x/t) + t/x - 1) at 2, and between 1 and 2
/// 2 (t^(2-p)/((1-p)(2-p)) - t x^(1-p)/(1-p) + x^(2-p)/(2-p))
struct TweedieDeviance {
  double power = 1.5;  ///< p: 0 for the normal distribution, 1 Poisson's, 2 the gamma, or between 1 and 2
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};
template <>
inline constexpr std::array parameters<TweedieDeviance>{Parameter{
    "power", &TweedieDeviance::power, {.low = 1, .high = 2, .text = "0, or from 1 to 2", .also = 0}}};
template <>
inline constexpr Facts facts<TweedieDeviance>{
    .name = "tweedie_deviance",
    .type = "TweedieDeviance",
    .title = "Tweedie deviance",
    .formula =
        "(x-t)^2 at p=0; 2(t log(t/x) - t + x) at 1; 2(log(x/t)+t/x-1) at 2; "
        "else 2(t^(2-p)/((1-p)(2-p)) - t x^(1-p)/(1-p) + x^(2-p)/(2-p))",
    .kind = Kind::element_wise,
    .inputs = {{.name = "prediction",
                .axes = ".",
                .domain = {.low = 0, .low_open = true, .infinities = true, .text = "positive"},
                .about = "the mean that the model says"},
               {.name = "target",
                .axes = ".",
                .domain = domain::nonnegative,
                .about = "what is true, in the prediction's unit"}},
    .instead = {{"prediction", "power", 0, 0, domain::extended},
                {"target", "power", 0, 0, domain::finite},
                {"target", "power", 2, 2, domain::positive}},
    .output = ".",
    .scale = "the largest absolute term",
    .promises = {{Property::nonnegative},
                 {Property::zero_at_match},
                 {.property = Property::symmetric, .where = {{"power", 0, 0}}},
                 {.property = Property::translation_invariant,
                  .subject = "prediction,target",
                  .where = {{"power", 0, 0}}},
                 {.property = Property::convex, .subject = "prediction", .where = {{"power", 0, 1}}},
                 {.property = Property::homogeneous,
                  .subject = "prediction,target",
                  .constant = 2,
                  .where = {{"power", 0, 0}}},
                 {.property = Property::homogeneous,
                  .subject = "prediction,target",
                  .constant = 1,
                  .where = {{"power", 1, 1}}},
                 {.property = Property::homogeneous,
                  .subject = "prediction,target",
                  .constant = 0,
                  .where = {{"power", 2, 2}}}},
    .conventions = {regression::halved},
    .source = {"Jorgensen, Exponential dispersion models", 1987,
               "https://doi.org/10.1111/j.2517-6161.1987.tb01685.x"},
};

}  // namespace assay
