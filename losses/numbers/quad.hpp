// The numbers that kernels compute in: wide enough that rounding the finished result is the only rounding
// that shows, and that no intermediate result overflows or underflows.
//
// Wide<float> is double. Wide<double> is Quad: two doubles, about 106 bits, and an exponent of its own. This
// is the path that is always right; it spends some 10 ns on an operation and some 200 ns on a function.
//
// Both types have the same operations, so a kernel templated on its dtype reads like the formula:
//   + - * /  unary -  comparisons  abs square sqrt exp expm1 log log1p tanh ldexp  is_nan is_infinite
//   is_finite widen(x), narrow<T>(w), ln_two<W>(), Sum<W>
// Special numbers behave as IEEE 754 says: inf - inf, 0 * inf, 0/0 are NaN, x/0 is an infinity, comparisons
// with NaN are false, log(0) = -inf, log of a negative number is NaN, exp(-inf) = 0.
//
// Errors of Quad, relative to the exact function of the given operands (u = 2^-53):
//   + -           3 u^2 = 2^-104.4, under cancellation too; exact for two doubles less than 2^900 apart
//   *             4 u^2 = 2^-104; exact for two doubles
//   /             2^-102      sqrt   2^-103      square as *
//   exp           2^-100 for |x| <= 2^39; beyond, the result may leave the range of exponents
//   expm1, tanh   2^-99, near 0 too; for expm1 as exp
//   log, log1p    2^-100, near 1 and near 0 too
// For double they are those of <cmath>: below 1 ulp each in glibc, tanh below 3.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "losses/spec/dtype.hpp"

namespace assay {

/// The number (hi + lo) 2^exponent. Finite and not zero: 1 <= |hi| < 2 and hi is hi + lo rounded to nearest.
/// Zero, infinities and NaN: hi says which, lo and exponent are 0. Exponents beyond +-2^40 become infinity
/// and zero: a kernel multiplies and divides by a handful of binary64 numbers, 2^+-1075 each, and cannot come
/// back from there.
struct Quad {
  double hi = 0, lo = 0;
  std::int64_t exponent = 0;

  constexpr Quad() = default;
  Quad(double x);  // NOLINT: exact, so that literals and inputs mix freely with Quads
};

template <class T>
using Wide = std::conditional_t<(format_of<T>.precision <= format_of<float>.precision), double, Quad>;
/// Kernels of this dtype compute in double.
template <class T>
inline constexpr bool in_double = std::is_same_v<Wide<T>, double>;

namespace detail {

/// hi + lo, both of moderate size; hi is the rounded sum.
struct Pair {
  double hi = 0, lo = 0;
};

/// a + b exactly (Knuth).
inline Pair two_sum(double a, double b) {
  const double s = a + b;
  const double t = s - a;
  return {s, (a - (s - t)) + (b - t)};
}
/// a + b exactly where |a| >= |b| or a = 0 (Dekker).
inline Pair fast_two_sum(double a, double b) {
  const double s = a + b;
  return {s, b - (s - a)};
}
/// a b exactly, short of underflow.
inline Pair two_product(double a, double b) {
  const double p = a * b;
  return {p, std::fma(a, b, -p)};
}

// The double-word algorithms and their bounds: Joldes, Muller and Popescu, Tight and rigorous error bounds
// for basic building blocks of double-word arithmetic, https://doi.org/10.1145/3121432: algorithms 6, 12
// and 18.
inline Pair add(Pair a, Pair b) {
  const Pair s = two_sum(a.hi, b.hi);
  const Pair t = two_sum(a.lo, b.lo);
  const Pair v = fast_two_sum(s.hi, s.lo + t.hi);
  return fast_two_sum(v.hi, t.lo + v.lo);
}
inline Pair multiply(Pair a, Pair b) {
  const Pair p = two_product(a.hi, b.hi);
  const double cross = std::fma(a.lo, b.hi, std::fma(a.hi, b.lo, a.lo * b.lo));
  return fast_two_sum(p.hi, p.lo + cross);
}
inline Pair divide(Pair a, Pair b) {
  const double q = a.hi / b.hi;
  const Pair p = two_product(q, b.hi);
  const Pair qb = fast_two_sum(p.hi, std::fma(q, b.lo, p.lo));
  // The leading parts agree to 51 bits, so that their difference is exact.
  const double rest = (a.hi - qb.hi) + (a.lo - qb.lo);
  return fast_two_sum(q, rest / b.hi);
}

inline constexpr std::int64_t exponent_limit = std::int64_t{1} << 40;

/// 2^k for -1022 <= k <= 1023.
inline double power_of_two(std::int64_t k) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

/// p 2^e, p finite and p.hi its rounded sum.
Quad normalised(Pair p, std::int64_t e);

inline Quad special(double x) {
  Quad q;
  q.hi = x;
  return q;
}
inline Pair pair(const Quad& a) { return {a.hi, a.lo}; }

}  // namespace detail

inline bool is_nan(double x) { return std::isnan(x); }
inline bool is_infinite(double x) { return std::isinf(x); }
inline bool is_finite(double x) { return std::isfinite(x); }
inline bool is_nan(const Quad& x) { return std::isnan(x.hi); }
inline bool is_infinite(const Quad& x) { return std::isinf(x.hi); }
inline bool is_finite(const Quad& x) { return std::isfinite(x.hi); }

inline Quad operator-(Quad a) {
  a.hi = -a.hi;
  a.lo = -a.lo;
  return a;
}

Quad operator+(const Quad& a, const Quad& b);
inline Quad operator-(const Quad& a, const Quad& b) { return a + (-b); }

Quad operator*(const Quad& a, const Quad& b);
Quad operator/(const Quad& a, const Quad& b);
inline Quad& operator+=(Quad& a, const Quad& b) { return a = a + b; }
inline Quad& operator-=(Quad& a, const Quad& b) { return a = a - b; }
inline Quad& operator*=(Quad& a, const Quad& b) { return a = a * b; }
inline Quad& operator/=(Quad& a, const Quad& b) { return a = a / b; }

inline bool operator==(const Quad& a, const Quad& b) {
  return a.hi == b.hi && a.lo == b.lo && a.exponent == b.exponent;
}
std::partial_ordering operator<=>(const Quad& a, const Quad& b);

inline double abs(double x) { return std::fabs(x); }
inline double square(double x) { return x * x; }
inline double sqrt(double x) { return std::sqrt(x); }
inline double exp(double x) { return std::exp(x); }
inline double expm1(double x) { return std::expm1(x); }
inline double log(double x) { return std::log(x); }
inline double log1p(double x) { return std::log1p(x); }
inline double tanh(double x) { return std::tanh(x); }
inline double ldexp(double x, std::int64_t k) {
  return std::ldexp(x, static_cast<int>(std::clamp<std::int64_t>(k, -5000, 5000)));
}

inline Quad abs(const Quad& x) { return std::signbit(x.hi) ? -x : x; }
inline Quad square(const Quad& x) { return x * x; }
Quad sqrt(const Quad& x);
Quad exp(const Quad& x);
Quad expm1(const Quad& x);
Quad log(const Quad& x);
Quad log1p(const Quad& x);
Quad tanh(const Quad& x);
Quad ldexp(const Quad& x, std::int64_t k);

/// A machine number as the number that kernels compute in; exact.
inline double widen(float x) { return x; }
inline Quad widen(double x) { return x; }

/// w rounded once to T: to nearest, ties to even, overflow to infinity, gradual underflow.
template <class T>
T narrow(double w) {
  return static_cast<T>(w);
}
template <class T>
T narrow(const Quad& w);
template <>
float narrow<float>(const Quad& w);
template <>
double narrow<double>(const Quad& w);

/// log 2. Recipe: mpmath.log(2) at 200 bits, rounded to nearest twice.
template <class W>
W ln_two();
template <>
inline double ln_two<double>() {
  return 0x1.62e42fefa39efp-1;
}
template <>
inline Quad ln_two<Quad>() {
  return detail::normalised({0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56}, 0);
}

/// A running sum whose error does not grow with the count of its terms: below 2^-97 of the sum of their
/// absolute values in Quad, 2^-52 of the sum plus 2^-100 of the sum of absolute values in double, up to 2^32
/// terms.
template <class W>
class Sum;

/// Two words: each addition is exact to 2^-104 of the sum so far.
template <>
class Sum<double> {
 public:
  void add(double x) {
    plain_ += x;
    const detail::Pair s = detail::two_sum(sum_.hi, x);
    sum_ = detail::fast_two_sum(s.hi, s.lo + sum_.lo);
  }
  /// Once a term is infinite or NaN, or the sum has overflowed, the two words hold inf - inf.
  [[nodiscard]] double total() const { return std::isfinite(plain_) ? sum_.hi + sum_.lo : plain_; }

 private:
  detail::Pair sum_;
  double plain_ = 0;
};

/// Runs of 64 terms, added in pairs of equal length: an error of 64 + log2 n roundings instead of n.
template <>
class Sum<Quad> {
 public:
  void add(const Quad& x) {
    run_ += x;
    if (++count_ % 64 != 0) return;
    Quad carried = run_;
    std::size_t level = 0;
    for (std::uint64_t runs = count_ / 64; runs % 2 == 0; runs /= 2) carried += levels_[level++];
    levels_[level] = carried;
    run_ = Quad();
  }
  [[nodiscard]] Quad total() const {
    Quad sum = run_;
    for (std::size_t level = 0; level < levels_.size(); ++level)
      if ((count_ / 64) >> level & 1) sum += levels_[level];
    return sum;
  }

 private:
  std::uint64_t count_ = 0;
  Quad run_;
  std::array<Quad, 40> levels_{};
};

}  // namespace assay
