// Losses of a real prediction x against a real target t. Units: those of x, squared where the formula
// squares.
#pragma once

#include "losses/spec/record.hpp"

namespace assay {

/// (x-t)^2
struct Mse {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// |x-t|
struct Mae {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// (log(1+x) - log(1+t))^2
struct Msle {
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// 100 |(x-t)/t|
struct Mape {
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

/// max(q (t-x), (q-1) (t-x))
struct Quantile {
  double q = .5;  ///< which quantile of t the best x is, in (0, 1)
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// e^x - t x, or x - t log(x + eps); t log t - t + log(2 pi t)/2 more when full, where t > 1
struct PoissonNll {
  bool log_input = true;  ///< x is the logarithm of the rate
  bool full = false;      ///< add Stirling's approximation of log t!
  double eps = 0;         ///< >= 0, in the unit of x, added to the rate before its logarithm is taken
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// (log v + (x-t)^2/v)/2, and log(2 pi)/2 more when full
struct GaussianNll {
  bool full = false;  ///< add the constant log(2 pi)/2
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

/// The unit deviance of a distribution whose variance is its mean to the `power`: (x-t)^2 at 0,
/// 2 (t log(t/x) - t + x) at 1, 2 (log(x/t) + t/x - 1) at 2, and between 1 and 2
/// 2 (t^(2-p)/((1-p)(2-p)) - t x^(1-p)/(1-p) + x^(2-p)/(2-p))
struct TweedieDeviance {
  double power =
      1.5;  ///< p: 0 for the normal distribution, 1 Poisson's, 2 the gamma distribution, or between 1 and 2
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
inline constexpr std::array pair_and_variance{prediction, target,
                                              Input{.name = "variance",
                                                    .axes = ".",
                                                    .domain = domain::positive,
                                                    .about = "of the prediction, its unit squared"}};
inline constexpr Domain above_minus_one{.low = -1, .low_open = true, .text = "above -1 and finite"};
inline constexpr std::array logarithmic_pair{
    Input{.name = "prediction",
          .axes = ".",
          .domain = {.low = -1, .low_open = true, .infinities = true, .text = "above -1"},
          .about = "what the model says"},
    Input{.name = "target",
          .axes = ".",
          .domain = above_minus_one,
          .about = "what is true, in the prediction's unit"}};
inline constexpr std::array relative_pair{
    prediction, Input{.name = "target",
                      .axes = ".",
                      .domain = {.kind = Domain::Kind::nonzero, .text = "finite and not 0"},
                      .about = "what is true, in the prediction's unit"}};
inline constexpr Domain rate{.low = 0, .infinities = true, .text = "nonnegative"};
inline constexpr Input count{
    .name = "target", .axes = ".", .domain = domain::nonnegative, .about = "how often it happened"};
inline constexpr std::array rate_and_count{Input{.name = "prediction",
                                                 .axes = ".",
                                                 .domain = domain::extended,
                                                 .about = "the rate that the model says, or its logarithm"},
                                           count};
inline constexpr std::array poisson_instead{Instead{"prediction", "log_input", 0, 0, rate},
                                            Instead{"target", "full", 1, 1, domain::nonnegative, true}};
inline constexpr std::array mean_and_outcome{
    Input{.name = "prediction",
          .axes = ".",
          .domain = {.low = 0, .low_open = true, .infinities = true, .text = "positive"},
          .about = "the mean that the model says"},
    Input{.name = "target",
          .axes = ".",
          .domain = domain::nonnegative,
          .about = "what is true, in the prediction's unit"}};
inline constexpr std::array tweedie_instead{Instead{"prediction", "power", 0, 0, domain::extended},
                                            Instead{"target", "power", 0, 0, domain::finite},
                                            Instead{"target", "power", 2, 2, domain::positive}};
inline constexpr Promise nonnegative{Property::nonnegative}, symmetric{Property::symmetric},
    zero_at_match{Property::zero_at_match}, convex{Property::convex, "prediction"},
    convex_in_both{Property::convex, "prediction,target"},
    translation_invariant{Property::translation_invariant, "prediction,target"},
    slope_at_most_1{Property::lipschitz, "prediction", 1};
inline constexpr std::array squared_promises{nonnegative,
                                             symmetric,
                                             zero_at_match,
                                             convex_in_both,
                                             translation_invariant,
                                             Promise{Property::homogeneous, "prediction,target", 2},
                                             Promise{Property::smooth, "prediction", 2}};
inline constexpr std::array mae_promises{
    nonnegative,          symmetric,       zero_at_match,
    convex_in_both,       slope_at_most_1, Promise{Property::homogeneous, "prediction,target", 1},
    translation_invariant};
inline constexpr std::array smooth_l1_promises{
    nonnegative,
    symmetric,
    zero_at_match,
    convex_in_both,
    slope_at_most_1,
    Promise{.property = Property::smooth, .subject = "prediction", .constant = 1, .over = "beta"},
    Promise{Property::homogeneous, "prediction,target,beta", 1},
    translation_invariant};
inline constexpr std::array log_cosh_promises{
    nonnegative,          symmetric,       zero_at_match,
    convex_in_both,       slope_at_most_1, Promise{Property::smooth, "prediction", 1},
    translation_invariant};
inline constexpr std::array huber_promises{nonnegative,
                                           symmetric,
                                           zero_at_match,
                                           convex_in_both,
                                           Promise{Property::lipschitz, "prediction", 1, "delta"},
                                           Promise{Property::smooth, "prediction", 1},
                                           Promise{Property::homogeneous, "prediction,target,delta", 2},
                                           translation_invariant};
inline constexpr std::array msle_promises{nonnegative, symmetric, zero_at_match};
inline constexpr std::array mape_promises{nonnegative, zero_at_match, convex,
                                          Promise{Property::homogeneous, "prediction,target", 0}};
inline constexpr std::array quantile_promises{
    nonnegative,           zero_at_match,   convex_in_both,
    translation_invariant, slope_at_most_1, Promise{Property::homogeneous, "prediction,target", 1}};
inline constexpr std::array without_constant{While{"full", 0, 0}};
inline constexpr std::array poisson_promises{
    convex, Promise{.property = Property::affine, .subject = "target", .where = without_constant}};
inline constexpr std::array normal{While{"power", 0, 0}};
inline constexpr std::array of_poisson{While{"power", 1, 1}};
inline constexpr std::array of_gamma{While{"power", 2, 2}};
inline constexpr std::array up_to_poisson{While{"power", 0, 1}};
inline constexpr std::array tweedie_promises{
    nonnegative,
    zero_at_match,
    Promise{.property = Property::symmetric, .where = normal},
    Promise{.property = Property::translation_invariant, .subject = "prediction,target", .where = normal},
    Promise{.property = Property::convex, .subject = "prediction", .where = up_to_poisson},
    Promise{
        .property = Property::homogeneous, .subject = "prediction,target", .constant = 2, .where = normal},
    Promise{.property = Property::homogeneous,
            .subject = "prediction,target",
            .constant = 1,
            .where = of_poisson},
    Promise{
        .property = Property::homogeneous, .subject = "prediction,target", .constant = 0, .where = of_gamma}};
inline constexpr std::array gaussian_promises{convex, symmetric, translation_invariant};

inline constexpr std::array inputs_floored{
    Convention{.name = "inputs-floored-1e-7",
               .about = "prediction and target below 1e-7, negative ones too, count as 1e-7",
               .used_by = "keras, tfjs",
               .link = "https://keras.io/api/losses/regression_losses/#meansquaredlogarithmicerror-class"}};
inline constexpr std::array target_floored{
    Convention{.name = "target-floored-1e-7",
               .about = "the difference is divided by max(abs(t), 1e-7)",
               .used_by = "keras, tfjs",
               .link = "https://keras.io/api/losses/regression_losses/#meanabsolutepercentageerror-class"}};
}  // namespace regression

template <>
inline constexpr std::array parameters<Huber>{Parameter<Huber>{"delta", &Huber::delta, domain::positive}};
template <>
inline constexpr std::array parameters<SmoothL1>{
    Parameter<SmoothL1>{"beta", &SmoothL1::beta, domain::positive}};
template <>
inline constexpr std::array parameters<Quantile>{Parameter<Quantile>{
    "q",
    &Quantile::q,
    {.low = 0, .high = 1, .low_open = true, .high_open = true, .text = "between 0 and 1, neither of them"}}};
template <>
inline constexpr std::array parameters<PoissonNll>{
    Parameter<PoissonNll>{"log_input", &PoissonNll::log_input},
    Parameter<PoissonNll>{"full", &PoissonNll::full},
    Parameter<PoissonNll>{"eps", &PoissonNll::eps, domain::nonnegative}};
template <>
inline constexpr std::array parameters<TweedieDeviance>{Parameter<TweedieDeviance>{
    "power", &TweedieDeviance::power, {.low = 1, .high = 2, .text = "0, or from 1 to 2", .also = 0}}};
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
    .promises = regression::mae_promises,
    .conventions = {},
    .source = {"Bloomfield and Steiger, Least Absolute Deviations: Theory, Applications and Algorithms", 1983,
               "https://doi.org/10.1007/978-1-4684-8574-5"}};

template <>
inline constexpr Facts facts<Msle>{
    .name = "msle",
    .type = "Msle",
    .title = "mean squared logarithmic error",
    .formula = "(log(1+x) - log(1+t))^2",
    .kind = Kind::element_wise,
    .inputs = regression::logarithmic_pair,
    .output = ".",
    .scale = "0",
    .promises = regression::msle_promises,
    .conventions = regression::inputs_floored,
    .source = {"Pedregosa et al., Scikit-learn: user guide, Mean squared logarithmic error", 2011,
               "https://scikit-learn.org/stable/modules/model_evaluation.html#mean-squared-log-error"}};

template <>
inline constexpr Facts facts<Mape>{
    .name = "mape",
    .type = "Mape",
    .title = "mean absolute percentage error",
    .formula = "100 abs((x-t)/t)",
    .kind = Kind::element_wise,
    .inputs = regression::relative_pair,
    .output = ".",
    .scale = "0",
    .promises = regression::mape_promises,
    .conventions = regression::target_floored,
    .source = {"Hyndman and Koehler, Another look at measures of forecast accuracy, section 2.2", 2006,
               "https://doi.org/10.1016/j.ijforecast.2006.03.001"}};

template <>
inline constexpr Facts facts<Huber>{.name = "huber",
                                    .type = "Huber",
                                    .title = "Huber loss",
                                    .formula = "a^2/2 if abs(a)<=delta, else delta(abs(a)-delta/2); a=x-t",
                                    .kind = Kind::element_wise,
                                    .inputs = regression::pair,
                                    .output = ".",
                                    .scale = "0",
                                    .promises = regression::huber_promises,
                                    .conventions = {},
                                    .source = {"Huber, Robust estimation of a location parameter, section 2",
                                               1964, "https://doi.org/10.1214/aoms/1177703732"}};

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
    .promises = regression::smooth_l1_promises,
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
    .promises = regression::log_cosh_promises,
    .conventions = {},
    .source = {"Green, Bayesian reconstructions from emission tomography data using a modified EM algorithm",
               1990, "https://doi.org/10.1109/42.52985"}};

template <>
inline constexpr Facts facts<Quantile>{.name = "quantile",
                                       .type = "Quantile",
                                       .title = "quantile loss",
                                       .formula = "max(q(t-x), (q-1)(t-x))",
                                       .kind = Kind::element_wise,
                                       .inputs = regression::pair,
                                       .output = ".",
                                       .scale = "0",
                                       .promises = regression::quantile_promises,
                                       .conventions = {},
                                       .source = {"Koenker and Bassett, Regression quantiles, section 3",
                                                  1978, "https://doi.org/10.2307/1913643"}};

template <>
inline constexpr Facts facts<PoissonNll>{
    .name = "poisson_nll",
    .type = "PoissonNll",
    .title = "Poisson negative log-likelihood",
    .formula =
        "e^x - t x, or x - t log(x+eps) without log_input; full adds t log t - t + log(2 pi t)/2 where t>1",
    .kind = Kind::element_wise,
    .inputs = regression::rate_and_count,
    .instead = regression::poisson_instead,
    .output = ".",
    .scale = "the largest absolute term",
    .promises = regression::poisson_promises,
    .conventions = {},
    .source = {"Nelder and Wedderburn, Generalized linear models, section 1", 1972,
               "https://doi.org/10.2307/2344614"}};

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
    .source = {"Nix and Weigend, Estimating the mean and variance of the target probability distribution",
               1994, "https://doi.org/10.1109/ICNN.1994.374138"}};

template <>
inline constexpr Facts facts<TweedieDeviance>{
    .name = "tweedie_deviance",
    .type = "TweedieDeviance",
    .title = "Tweedie deviance",
    .formula =
        "(x-t)^2 at p=0; 2(t log(t/x) - t + x) at 1; 2(log(x/t)+t/x-1) at 2; "
        "else 2(t^(2-p)/((1-p)(2-p)) - t x^(1-p)/(1-p) + x^(2-p)/(2-p))",
    .kind = Kind::element_wise,
    .inputs = regression::mean_and_outcome,
    .instead = regression::tweedie_instead,
    .output = ".",
    .scale = "the largest absolute term",
    .promises = regression::tweedie_promises,
    .conventions = {},
    .source = {"Jorgensen, Exponential dispersion models", 1987,
               "https://doi.org/10.1111/j.2517-6161.1987.tb01685.x"}};

}  // namespace assay
