#include "tests/witnesses/textbook/rows.hpp"

namespace assay::tests::textbook {
namespace {

constexpr auto residual = [](const auto& in) { return in("prediction") - in("target"); };

/// a^2/(2b), nothing of which overflows before it has to.
template <class T>
Dual<T> quadratic(Dual<T> a, Dual<T> b) {
  const T ratio = a.v / b.v, half = ratio * a.v / 2;
  return {half, times(a.d, a.v) / b.v - times(over(b.d, b.v), half)};
}

/// log((1 + x)/(1 + t)): of neighbours by their difference.
template <class X>
X log_ratio(X x, X t) {
  if (x < t) return -log_ratio(t, x);
  const X share = (x - t) / (1 + t);
  return std::isfinite(share.v) ? log1p(share) : log1p(x) - log1p(t);
}

/// log(a/b), whose quotient may leave the dtype.
template <class T>
T log_quotient(T a, T b) {
  const T q = a / b;
  return std::isnormal(q) ? std::log(q) : std::log(a) - std::log(b);
}
/// The slopes in closed form: term by term they cancel where x is near t, and overflow where it is tiny.
template <class T>
Dual<T> tweedie(Dual<T> x, Dual<T> t, double power) {
  const T p = static_cast<T>(power), a = x.v, b = t.v, ahead = (a - b) / a;
  if (p == 0) return square(x - t);
  if (p == 1) {
    const T far = b == 0 ? T{0} : b * log_quotient(b, a);
    const T value = std::isinf(a) ? a : 2 * (far - b + a);
    return {value, times(x.d, 2 * (std::isinf(a) ? T{1} : ahead)) + times(t.d, 2 * log_quotient(b, a))};
  }
  if (p == 2)
    return {2 * (log_quotient(a, b) + (b / a - 1)),
            times(x.d, std::isinf(a) ? T{0} : 2 * ahead / a) + times(t.d, 2 * (1 / a - 1 / b))};
  const T by_x = std::pow(a, 1 - p);
  const T own = b == 0 ? T{0} : std::pow(b, 2 - p) / ((1 - p) * (2 - p));
  const T value = own - (b == 0 ? T{0} : b * by_x / (1 - p)) + std::pow(a, 2 - p) / (2 - p);
  return {2 * value, times(x.d, 2 * by_x * (std::isinf(a) ? T{1} : ahead)) +
                         times(t.d, 2 * (std::pow(b, 1 - p) - by_x) / (1 - p))};
}

}  // namespace

std::vector<Entry> regression() {
  return {
      {"mse", [](const auto& in) { return square(residual(in)); }},
      {"mae", [](const auto& in) { return abs(residual(in)); }},
      {"msle",
       [](const auto& in) {
         return in.has_nan() ? in.unknown() : square(log_ratio(in("prediction"), in("target")));
       }},
      {"mape",
       [](const auto& in) {
         const auto x = in("prediction"), t = in("target"), a = x - t;
         return 100 * abs(std::isinf(a.v) ? 2 * ((x / 2 - t / 2) / t) : a / t);
       }},
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
         if (in.has_nan()) return in.unknown();
         return a == 0 ? max(q * a, (q - 1) * a) : (a > 0 ? q : q - 1) * a;
       }},
      {"poisson_nll",
       [](const auto& in) {
         const auto x = in("prediction"), t = in("target");
         const auto eps = in.real("eps");
         // Infinite rates win; x + eps - 1 is exact where their sum is near 1.
         const bool wins = std::isinf(in.flag("log_input") ? std::exp(x.v) : x.v) && x > 0,
                    near = eps >= .5 && x + eps <= 2;
         auto out = in.flag("log_input") ? exp(x) - weigh(t, x)
                                         : x - weigh(t, near ? log1p(x + (eps - 1)) : log(x + eps));
         if (wins && !in.has_nan()) out.v = std::numeric_limits<decltype(x.v)>::infinity();
         if (in.flag("full") && t > 1) out = out + t * log(t) - t + log(2 * std::acos(-1.) * t) / 2;
         return out;
       }},
      {"gaussian_nll",
       [](const auto& in) {
         const auto a = residual(in), v = in("variance");
         // (1 - a^2/v)/(2v): apart, its terms may both overflow.
         const auto share = a.v / v.v;
         auto half = log(constant(v)) / 2 + quadratic(a, constant(v));
         half.d += over(times(v.d, 1 - share * a.v) / 2, v.v);
         return in.flag("full") ? half + std::log(2 * std::acos(-1.)) / 2 : half;
       }},
      {"tweedie_deviance",
       [](const auto& in) {
         return in.has_nan() ? in.unknown() : tweedie(in("prediction"), in("target"), in.real("power").v);
       }},
  };
}

}  // namespace assay::tests::textbook
