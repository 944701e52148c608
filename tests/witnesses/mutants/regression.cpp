#include "tests/witnesses/mutants/families.hpp"
#include "tests/witnesses/mutants/wrong.hpp"

namespace assay::tests::mutants {

std::vector<Mutant> wrong_regression() {
  const auto residual = [](const auto& in) { return in("prediction") - in("target"); };
  return {
      wrong("mse", "halved", [=](const auto& in) { return square(residual(in)) / 2; }),
      wrong("mse", "x^2 - 2xt + t^2 cancels",
            [](const auto& in) {
              const auto x = in("prediction"), t = in("target");
              return x * x - 2 * x * t + t * t;
            }),
      wrong("mse", "gradient halved",
            [=](const auto& in) {
              auto out = square(residual(in));
              out.d = out.d / 2;
              return out;
            }),
      wrong("mse", "clipped at 1e6",
            [=](const auto& in) { return min(square(residual(in)), residual(in) * 0 + 1e6); }),
      wrong("mae", "not absolute", residual),
      wrong("mae", "root of the square underflows",
            [=](const auto& in) { return sqrt(square(residual(in))); }),
      wrong("mae", "absolute values subtracted",
            [](const auto& in) { return abs(abs(in("prediction")) - abs(in("target"))); }),
      wrong("mae", "smoothed near 0", [=](const auto& in) { return sqrt(square(residual(in)) + 1e-6); }),
      wrong("msle", "log without 1",
            [](const auto& in) { return square(log(in("prediction")) - log(in("target"))); }),
      wrong("msle", "log(1+x) loses small numbers",
            [](const auto& in) { return square(log(1 + in("prediction")) - log(1 + in("target"))); }),
      wrong("msle", "not squared",
            [](const auto& in) { return abs(log1p(in("prediction")) - log1p(in("target"))); }),
      wrong("msle", "log of the square of the difference",
            [=](const auto& in) { return square(log1p(abs(residual(in)))); }),
      wrong("mape", "a fraction, no percentage",
            [=](const auto& in) { return abs(residual(in) / in("target")); }),
      wrong("mape", "relative to the prediction",
            [=](const auto& in) { return 100 * abs(residual(in) / in("prediction")); }),
      wrong("mape", "sign of the target",
            [=](const auto& in) { return 100 * abs(residual(in)) / in("target"); }),
      wrong("mape", "an epsilon below the line",
            [=](const auto& in) { return 100 * abs(residual(in)) / (abs(in("target")) + 1e-7); }),
      wrong("huber", "the signed difference against delta",
            [=](const auto& in) {
              const auto a = residual(in), delta = in.real("delta");
              return a <= delta ? square(a) / 2 : delta * (abs(a) - delta / 2);
            }),
      wrong("huber", "linear part without delta",
            [=](const auto& in) {
              const auto a = residual(in), delta = in.real("delta");
              return abs(a) <= delta ? square(a) / 2 : abs(a) - delta / 2;
            }),
      wrong("huber", "a jump at delta",
            [=](const auto& in) {
              const auto a = residual(in), delta = in.real("delta");
              return abs(a) <= delta ? square(a) / 2 : delta * abs(a) - delta / 2;
            }),
      wrong("huber", "quadratic part not halved",
            [=](const auto& in) {
              const auto a = residual(in), delta = in.real("delta");
              return abs(a) <= delta ? square(a) : delta * (2 * abs(a) - delta);
            }),
      wrong("huber", "smooth L1",
            [=](const auto& in) {
              const auto a = residual(in), delta = in.real("delta");
              return abs(a) <= delta ? square(a) / 2 / delta : abs(a) - delta / 2;
            }),
      wrong("huber", "pseudo-Huber",
            [=](const auto& in) {
              const auto delta = in.real("delta");
              return square(delta) * (sqrt(1 + square(residual(in) / delta)) - 1);
            }),
      wrong("smooth_l1", "Huber",
            [=](const auto& in) {
              const auto a = residual(in), beta = in.real("beta");
              return abs(a) < beta ? square(a) / 2 : beta * (abs(a) - beta / 2);
            }),
      wrong("smooth_l1", "offset 1/2",
            [=](const auto& in) {
              const auto a = residual(in), beta = in.real("beta");
              return abs(a) < beta ? square(a) / (2 * beta) : abs(a) - .5;
            }),
      wrong("smooth_l1", "the square overflows",
            [=](const auto& in) {
              const auto a = residual(in), beta = in.real("beta");
              return abs(a) < beta ? square(a) / 2 / beta : abs(a) - beta / 2;
            }),
      wrong("smooth_l1", "no absolute value beyond beta",
            [=](const auto& in) {
              const auto a = residual(in), beta = in.real("beta");
              return abs(a) < beta ? a / beta * a / 2 : a - beta / 2;
            }),
      wrong("log_cosh", "log of cosh overflows", [=](const auto& in) { return log(cosh(residual(in))); }),
      wrong("log_cosh", "x + softplus(-2x) - log 2 cancels near 0",
            [=](const auto& in) {
              const auto a = residual(in);
              return a + softplus(-2 * a) - std::log(2.);
            }),
      wrong("log_cosh", "log 2 forgotten",
            [=](const auto& in) {
              const auto a = abs(residual(in));
              return a + log1p(exp(-2 * a));
            }),
      wrong("log_cosh", "gradient's sign",
            [=](const auto& in) {
              auto out = log(cosh(residual(in)));
              out.d = -out.d;
              return out;
            }),
      wrong("quantile", "q and 1 - q exchanged",
            [=](const auto& in) {
              const auto a = residual(in), q = in.real("q");
              return max(q * a, (q - 1) * a);
            }),
      wrong("quantile", "twice the loss",
            [=](const auto& in) {
              const auto a = -residual(in), q = in.real("q");
              return 2 * max(q * a, (q - 1) * a);
            }),
      wrong("quantile", "mean absolute error", [=](const auto& in) { return abs(residual(in)) / 2; }),
      wrong("quantile", "no branch below 0",
            [=](const auto& in) { return in.real("q") * abs(residual(in)); }),
      wrong("poisson_nll", "an epsilon of 1e-8 in the log of the rate",
            [](const auto& in) {
              const auto x = in("prediction"), t = in("target");
              auto out = in.flag("log_input") ? exp(x) - t * x : x - t * log(x + 1e-8 + in.real("eps"));
              if (in.flag("full") && t > 1) out = out + t * log(t) - t + log(2 * std::acos(-1.) * t) / 2;
              return out;
            }),
      wrong("poisson_nll", "Stirling's term from t = 1 on without its root",
            [](const auto& in) {
              const auto x = in("prediction"), t = in("target");
              auto out = in.flag("log_input") ? exp(x) - weigh(t, x) : x - weigh(t, log(x + in.real("eps")));
              if (in.flag("full") && t > 1) out = out + t * log(t) - t;
              return out;
            }),
      wrong("poisson_nll", "Stirling's term at t <= 1 too",
            [](const auto& in) {
              const auto x = in("prediction"), t = in("target");
              auto out = in.flag("log_input") ? exp(x) - weigh(t, x) : x - weigh(t, log(x + in.real("eps")));
              if (in.flag("full") && t > 0) out = out + t * log(t) - t + log(2 * std::acos(-1.) * t) / 2;
              return out;
            }),
      wrong("poisson_nll", "0 log 0 is NaN",
            [](const auto& in) {
              const auto x = in("prediction"), t = in("target");
              auto out = in.flag("log_input") ? exp(x) - t * x : x - t.v * log(x + in.real("eps")).v;
              out.d = out.d;
              if (in.flag("full") && t > 1) out = out + t * log(t) - t + log(2 * std::acos(-1.) * t) / 2;
              return out;
            }),
      wrong("gaussian_nll", "variance taken for a deviation",
            [=](const auto& in) {
              const auto a = residual(in), v = in("variance");
              return (2 * log(v) + square(a / v)) / 2;
            }),
      wrong("gaussian_nll", "log of the variance not halved",
            [=](const auto& in) {
              const auto a = residual(in), v = in("variance");
              return log(v) + a * a / v / 2;
            }),
      wrong("gaussian_nll", "variance held above 1e-6",
            [=](const auto& in) {
              const auto a = residual(in), v = max(in("variance"), in("variance") * 0 + 1e-6);
              const auto half = (log(v) + a * a / v) / 2;
              return in.flag("full") ? half + std::log(2 * std::acos(-1.)) / 2 : half;
            }),
      wrong("gaussian_nll", "full adds log(2 pi)",
            [=](const auto& in) {
              const auto a = residual(in), v = in("variance");
              const auto half = (log(v) + a * a / v) / 2;
              return in.flag("full") ? half + std::log(2 * std::acos(-1.)) : half;
            }),
      wrong("gaussian_nll", "the variance takes no gradient",
            [=](const auto& in) {
              const auto a = residual(in), v = constant(in("variance"));
              return (log(v) + a * a / v) / 2;
            }),
      wrong("tweedie_deviance", "half of the deviance",
            [=](const auto& in) { return square(residual(in)) / 2; }),
      wrong("tweedie_deviance", "the likelihood's part alone",
            [](const auto& in) {
              const auto x = in("prediction"), t = in("target"), p = in.real("power");
              if (p == 0) return square(x - t);
              if (p == 1) return 2 * (x - weigh(t, log(x)));
              if (p == 2) return 2 * (log(x) + t / x);
              return 2 * (pow(x, 2 - p.v) / (2 - p) - t * pow(x, 1 - p.v) / (1 - p));
            }),
      wrong("tweedie_deviance", "prediction and target exchanged at power 1",
            [](const auto& in) {
              const auto x = in("target"), t = in("prediction"), p = in.real("power");
              if (p == 0) return square(x - t);
              return 2 * (weigh(t, log(t / x)) - t + x);
            }),
  };
}

}  // namespace assay::tests::mutants
