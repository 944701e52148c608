// Numbers that carry a derivative: a textbook formula, written once over them, gives its value and its
// gradient in the dtype that it is computed in, as a framework with automatic differentiation would.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace assay::tests::textbook {

template <class T>
struct Dual {
  T v = 0;  ///< value
  T d = 0;  ///< derivative by whatever is being asked

  Dual() = default;
  Dual(T value) : v(value) {}  // NOLINT: numbers convert
  Dual(T value, T slope) : v(value), d(slope) {}
  template <class Other>
  requires std::is_arithmetic_v<Other> Dual(Other value)
      : v(static_cast<T>(value)) {}  // NOLINT: so do literals
};

/// A coefficient of 0 drops its term, infinite and NaN ones included.
template <class T>
T times(T coefficient, T x) {
  return coefficient == 0 ? T{0} : coefficient * x;
}

template <class T>
Dual<T> operator-(Dual<T> a) {
  return {-a.v, -a.d};
}
template <class T>
Dual<T> operator+(Dual<T> a, Dual<T> b) {
  return {a.v + b.v, a.d + b.d};
}
template <class T>
Dual<T> operator-(Dual<T> a, Dual<T> b) {
  return {a.v - b.v, a.d - b.d};
}
template <class T>
Dual<T> operator*(Dual<T> a, Dual<T> b) {
  return {a.v * b.v, times(a.d, b.v) + times(b.d, a.v)};
}
/// A slope that nothing asks for is 0, whatever it would be divided by.
template <class T>
T over(T slope, T x) {
  return slope == 0 ? T{0} : slope / x;
}
template <class T>
Dual<T> operator/(Dual<T> a, Dual<T> b) {
  const T q = a.v / b.v;
  return {q, over(a.d - times(b.d, q), b.v)};
}
#define ASSAY_MIXED(op)                                   \
  template <class T, class N>                             \
  requires std::is_arithmetic_v<N> Dual<T>                \
  operator op(Dual<T> a, N b) { return a op Dual<T>(b); } \
  template <class T, class N>                             \
  requires std::is_arithmetic_v<N> Dual<T>                \
  operator op(N a, Dual<T> b) { return Dual<T>(a) op b; }
ASSAY_MIXED(+)
ASSAY_MIXED(-)
ASSAY_MIXED(*)
ASSAY_MIXED(/)
#undef ASSAY_MIXED
#define ASSAY_COMPARED(op)                 \
  template <class T>                       \
  bool operator op(Dual<T> a, Dual<T> b) { \
    return a.v op b.v;                     \
  }                                        \
  template <class T, class N>              \
  requires std::is_arithmetic_v<N>         \
  bool operator op(Dual<T> a, N b) { return a.v op static_cast<T>(b); }
ASSAY_COMPARED(<)
ASSAY_COMPARED(>)
ASSAY_COMPARED(<=)
ASSAY_COMPARED(>=)
ASSAY_COMPARED(==)
#undef ASSAY_COMPARED

template <class T>
Dual<T> chain(T value, T slope, Dual<T> x) {
  return {value, slope == 0 ? T{0} : times(x.d, slope)};
}
template <class T>
Dual<T> exp(Dual<T> x) {
  return chain(std::exp(x.v), std::exp(x.v), x);
}
template <class T>
Dual<T> expm1(Dual<T> x) {
  return chain(std::expm1(x.v), std::exp(x.v), x);
}
template <class T>
Dual<T> log(Dual<T> x) {
  return {std::log(x.v), over(x.d, x.v == 0 ? T{0} : x.v)};
}
template <class T>
Dual<T> log1p(Dual<T> x) {
  return {std::log1p(x.v), over(x.d, 1 + x.v)};
}
template <class T>
Dual<T> sqrt(Dual<T> x) {
  const T root = std::sqrt(x.v);
  return {root, root == 0 ? T{0} : over(x.d, 2 * root)};
}
template <class T>
Dual<T> abs(Dual<T> x) {
  return chain(std::abs(x.v), x.v != x.v ? x.v : static_cast<T>((x.v > 0) - (x.v < 0)), x);
}
template <class T>
Dual<T> tanh(Dual<T> x) {
  const T t = std::tanh(x.v);
  return chain(t, 1 - t * t, x);
}
template <class T>
Dual<T> cosh(Dual<T> x) {
  return chain(std::cosh(x.v), std::sinh(x.v), x);
}
template <class T>
Dual<T> cos(Dual<T> x) {
  return chain(std::cos(x.v), -std::sin(x.v), x);
}
template <class T>
Dual<T> acos(Dual<T> x) {
  return chain(std::acos(x.v), -1 / std::sqrt((1 - x.v) * (1 + x.v)), x);
}
template <class T>
Dual<T> sin(Dual<T> x) {
  return chain(std::sin(x.v), std::cos(x.v), x);
}
/// The exponent is a constant.
template <class T, class N>
Dual<T> pow(Dual<T> x, N exponent) {
  const T e = static_cast<T>(exponent);
  return chain(std::pow(x.v, e), e == 0 ? T{0} : e * std::pow(x.v, e - 1), x);
}
/// t log p, 0 where t is.
template <class T>
Dual<T> xlogy(Dual<T> t, Dual<T> p) {
  const T l = std::log(p.v == 0 ? T{0} : p.v), above = p.d == 0 ? T{0} : times(t.v, p.d);
  return {times(t.v, l), times(t.d, l) + over(above, p.v == 0 ? T{0} : p.v)};
}
/// p log p and its slope, 0 and -infinity at 0.
template <class T>
Dual<T> xlogx(Dual<T> p) {
  const T l = std::log(p.v == 0 ? T{0} : p.v);
  return {times(p.v, l), times(p.d, l + 1)};
}
/// p log(p/q), 0 where both are 0.
template <class T>
Dual<T> divergence(Dual<T> p, Dual<T> q) {
  constexpr T infinity = std::numeric_limits<T>::infinity();
  if (p.v == 0) return {0, times(p.d, q.v == 0 ? infinity : -infinity)};
  const T below = q.v == 0 ? T{0} : q.v;
  const T far = p.v == q.v ? T{0} : std::log(p.v) - std::log(below);
  return {times(p.v, far), times(p.d, far + 1) - times(q.d, p.v == q.v ? T{1} : p.v / below)};
}
template <class T>
Dual<T> square(Dual<T> x) {
  return x * x;
}
/// The greater; of equal ones half of each.
template <class T>
Dual<T> max(Dual<T> a, Dual<T> b) {
  constexpr T unknown = std::numeric_limits<T>::quiet_NaN();
  if (a.v != a.v || b.v != b.v) return {unknown, a.d == 0 && b.d == 0 ? T{0} : unknown};
  if (a.v == b.v) return {a.v, (a.d + b.d) / 2};
  return a.v > b.v ? a : b;
}
template <class T>
Dual<T> min(Dual<T> a, Dual<T> b) {
  return -max(-a, -b);
}
template <class T, class N>
requires std::is_arithmetic_v<N> Dual<T> max(N a, Dual<T> b) { return max(Dual<T>(a), b); }
template <class T>
Dual<T> weigh(Dual<T> coefficient, Dual<T> term) {
  const T passed = term.d == 0 ? T{0} : times(coefficient.v, term.d);
  return {times(coefficient.v, term.v), passed + times(coefficient.d, term.v)};
}
/// What no derivative passes.
template <class T>
Dual<T> constant(Dual<T> x) {
  return {x.v, 0};
}

/// Pairwise, as careful textbooks sum.
template <class X>
X sum(const X* from, std::size_t n) {
  if (n == 0) return X(0);
  if (n == 1) return from[0];
  return sum(from, n / 2) + sum(from + n / 2, n - n / 2);
}
template <class X>
X sum(const std::vector<X>& all) {
  return sum(all.data(), all.size());
}
template <class X>
X maximum(const std::vector<X>& all) {
  X out = all.front();
  for (std::size_t i = 1; i < all.size(); ++i) out = max(out, all[i]);
  return out;
}

}  // namespace assay::tests::textbook
