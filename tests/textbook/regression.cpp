#include "tests/textbook/rows.hpp"

namespace assay::tests::textbook {
namespace {

constexpr auto residual = [](const auto& in) { return in("prediction") - in("target"); };

/// a^2/(2b), nothing of which overflows before it has to.
template <class T>
Dual<T> quadratic(Dual<T> a, Dual<T> b) {
  const T ratio = a.v / b.v, half = ratio * a.v / 2;
  return {half, times(a.d, ratio) - times(over(b.d, b.v), half)};
}

template <class X>
X tweedie(X x, X t, double power) {
  using T = decltype(X::v);
  const T p = static_cast<T>(power);
  if (p == 0) return square(x - t);
  if (p == 1) return 2 * (weigh(t, log(t / x)) - t + x);
  if (p == 2) return 2 * (log(x / t) + t / x - 1);
  return 2 * (pow(t, 2 - p) / ((1 - p) * (2 - p)) - t * pow(x, 1 - p) / (1 - p) + pow(x, 2 - p) / (2 - p));
}

}  // namespace

std::vector<Entry> regression() {
  return {
      {"mse", [](const auto& in) { return square(residual(in)); }},
      {"mae", [](const auto& in) { return abs(residual(in)); }},
      {"msle", [](const auto& in) { return square(log1p(in("prediction")) - log1p(in("target"))); }},
      {"mape", [](const auto& in) { return 100 * abs(residual(in) / in("target")); }},
      {"huber",
       [](const auto& in) {
         const auto a = residual(in), delta = in.real("delta");
         return abs(a) <= delta ? square(a) / 2 : delta * (abs(a) - delta / 2);
       }},
      {"smooth_l1",
       [](const auto& in) {
         const auto a = residual(in), beta = in.real("beta");
         return abs(a) < beta ? quadratic(a, beta) : abs(a) - beta / 2;
       }},
      {"log_cosh",
       [](const auto& in) {
         const auto a = abs(residual(in));
         // (e^a + e^-a)/2 = 1 + (e^a - 1)^2 / (2 e^a): no cancellation where a is small.
         return a < 1 ? log1p(square(expm1(a)) / (2 * exp(a))) : a + log1p(exp(-2 * a)) - std::log(2.);
       }},
      {"quantile",
       [](const auto& in) {
         const auto a = -residual(in), q = in.real("q");
         return max(q * a, (q - 1) * a);
       }},
      {"poisson_nll",
       [](const auto& in) {
         const auto x = in("prediction"), t = in("target");
         auto out = in.flag("log_input") ? exp(x) - weigh(t, x) : x - weigh(t, log(x + in.real("eps")));
         if (in.flag("full") && t > 1) out = out + t * log(t) - t + log(2 * std::acos(-1.) * t) / 2;
         return out;
       }},
      {"gaussian_nll",
       [](const auto& in) {
         const auto a = residual(in), v = in("variance");
         // (1 - a^2/v)/(2v): apart, its terms may both overflow.
         const auto share = a.v / v.v;
         auto half = log(constant(v)) / 2 + quadratic(a, constant(v));
         half.d += over(times(v.d, 1 - share * a.v), 2 * v.v);
         return in.flag("full") ? half + std::log(2 * std::acos(-1.)) / 2 : half;
       }},
      {"tweedie_deviance",
       [](const auto& in) { return tweedie(in("prediction"), in("target"), in.real("power").v); }},
  };
}

}  // namespace assay::tests::textbook
