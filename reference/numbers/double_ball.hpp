// Balls in binary64: a midpoint, and a radius that is proven to hold the exact number. A hundred times sooner
// than Arb's where 50 bits are enough; who needs more asks Arb.
//
// How the radii are proven. Midpoints are rounded to nearest; their error is known exactly where an
// error-free transformation gives it (Dekker 1971, https://doi.org/10.1007/BF01397083; Knuth's two-sum), so
// that what is exact stays exact, with radius 0. A radius is a sum of at most eight non-negative products and
// quotients of doubles, each within 2^-53 of itself or, where it underflows, within 2^-1074: `above` covers
// both. Functions of the mathematical library are taken to be within 4 ulp (glibc states 1 or 2 for those
// here), which tests/reference/double_ball_test.cpp holds against Arb.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::reference {

struct DoubleBall {
  double mid = 0, rad = 0;

  [[nodiscard]] bool known() const { return rad < std::numeric_limits<double>::infinity(); }
  [[nodiscard]] bool exact() const { return rad == 0; }
  [[nodiscard]] bool zero() const { return mid == 0 && rad == 0; }
  [[nodiscard]] bool positive() const { return mid > rad; }
  [[nodiscard]] bool negative() const { return -mid > rad; }
  [[nodiscard]] bool nonpositive() const { return mid <= 0 && -mid >= rad; }
  [[nodiscard]] bool nonnegative() const { return mid >= 0 && mid >= rad; }
  [[nodiscard]] bool contains_zero() const { return !(std::abs(mid) > rad); }

  /// Nothing is known: what is not a number within binary64's range is this, too.
  static constexpr DoubleBall unknown() { return {0, std::numeric_limits<double>::infinity()}; }
};

namespace double_ball {

inline constexpr double least = 0x1p-1074;
inline constexpr double function_error = 0x1p-50;  ///< 4 ulp, beside the function's value

/// Not below the exact sum that `radius` was computed for.
inline double above(double radius) { return radius * (1 + 0x1p-48) + 16 * least; }

/// What overflowed or was computed from the unknown is unknown.
inline DoubleBall settled(double mid, double rad) {
  return rad < std::numeric_limits<double>::infinity() && std::abs(mid) <= std::numeric_limits<double>::max()
             ? DoubleBall{mid, rad}
             : DoubleBall::unknown();
}

inline DoubleBall negated(const DoubleBall& a) { return {-a.mid, a.rad}; }

/// Two-sum is exact unless it overflows: sums do not underflow.
inline DoubleBall add(const DoubleBall& a, const DoubleBall& b) {
  const double s = a.mid + b.mid, other = s - a.mid;
  const double error = std::abs((a.mid - (s - other)) + (b.mid - other));
  const double rad = a.rad + b.rad + error;
  return settled(s, rad == 0 ? 0 : above(rad));
}
inline DoubleBall sub(const DoubleBall& a, const DoubleBall& b) { return add(a, negated(b)); }

/// |a b - rounded|: the fused product gives it exactly unless it underflows itself.
inline double product_error(double a, double b, double rounded) {
  if (a == 0 || b == 0) return 0;
  const double size = std::abs(rounded);
  return size >= 0x1p-960 ? std::abs(std::fma(a, b, -rounded)) : size * 0x1p-53 + least;
}
inline DoubleBall mul(const DoubleBall& a, const DoubleBall& b) {
  const double p = a.mid * b.mid;
  const double error = product_error(a.mid, b.mid, p);
  if (a.rad == 0 && b.rad == 0) return settled(p, error == 0 ? 0 : above(error));
  // An exact 0 times anything real is 0.
  if (a.zero() || b.zero()) return a.known() && b.known() ? DoubleBall{} : DoubleBall::unknown();
  return settled(p, above(std::abs(a.mid) * b.rad + std::abs(b.mid) * a.rad + a.rad * b.rad + error));
}

/// The same with a radius that is never 0 off zeros, sooner: where nothing asks for what is exact.
inline DoubleBall product(const DoubleBall& a, const DoubleBall& b) {
  if (a.zero() || b.zero()) return a.known() && b.known() ? DoubleBall{} : DoubleBall::unknown();
  const double p = a.mid * b.mid;
  return settled(p,
                 above(std::abs(a.mid) * b.rad + (std::abs(b.mid) + b.rad) * a.rad + std::abs(p) * 0x1p-53));
}

/// (a + x) / (b + y) - q = (a - q b + x - q y) / (b + y).
inline DoubleBall div(const DoubleBall& a, const DoubleBall& b) {
  if (b.contains_zero() || !a.known()) return DoubleBall::unknown();
  if (a.zero()) return {};
  const double q = a.mid / b.mid, size = std::abs(q);
  const double nearest = std::abs(b.mid) - b.rad;  // of b to 0, within 2^-53 of itself
  // The remainder is exact where neither it nor the quotient underflows.
  const bool plain = std::abs(a.mid) >= 0x1p-900 && size >= 0x1p-900 && size <= 0x1p900;
  const double remainder =
      plain ? std::abs(std::fma(-q, b.mid, a.mid)) : (size * 0x1p-53 + least) * std::abs(b.mid);
  if (plain && remainder == 0 && a.rad == 0 && b.rad == 0) return {q, 0};
  return settled(q, above((remainder + a.rad + size * b.rad + 4 * least) / nearest));
}

/// |sqrt(m + x) - s| <= (|m - s^2| + |x|) / s.
inline DoubleBall sqrt(const DoubleBall& a) {
  if (a.zero()) return {};
  if (!a.positive()) return DoubleBall::unknown();
  const double s = std::sqrt(a.mid);
  const double error = a.mid >= 0x1p-900 ? std::abs(std::fma(s, s, -a.mid)) : a.mid * 0x1p-51 + 4 * least;
  const double moved = error + a.rad;
  return settled(s, moved == 0 ? 0 : above(moved / s));
}

/// e^r - 1 <= r + r^2 for r <= 1: how far e^x, cosh x and sinh x move, in parts of e^x and cosh x.
inline double growth(double r) { return r <= 1 ? r + r * r : std::numeric_limits<double>::infinity(); }

inline DoubleBall exp(const DoubleBall& a) {
  if (a.zero()) return {1, 0};
  const double m = std::exp(a.mid), size = m * (1 + 2 * function_error) + 4 * least;
  return settled(m, above(size * growth(a.rad) + m * function_error + 4 * least));
}
/// cosh^2 = 1 + sinh^2, and both move by at most cosh(m) (e^r - 1).
inline DoubleBall cosh(const DoubleBall& a) {
  if (a.zero()) return {1, 0};
  const double m = std::cosh(a.mid), size = m * (1 + 2 * function_error);
  return settled(m, above(size * growth(a.rad) + m * function_error));
}
inline DoubleBall sinh(const DoubleBall& a) {
  if (a.zero()) return {};
  const double m = std::sinh(a.mid), size = (std::abs(m) + 1) * (1 + 2 * function_error);
  return settled(m, above(size * growth(a.rad) + std::abs(m) * function_error + 4 * least));
}

/// |log(m + x) - log m| <= |x| / (m - |x|).
inline DoubleBall log(const DoubleBall& a) {
  if (a.mid == 1 && a.rad == 0) return {};
  if (!(a.mid > 2 * a.rad)) return DoubleBall::unknown();
  const double l = std::log(a.mid);
  return settled(l, above(a.rad / (a.mid - a.rad) + std::abs(l) * function_error));
}
inline DoubleBall log1p(const DoubleBall& a) {
  if (a.zero()) return {};
  const double whole = 1 + a.mid;  // within 2^-53 of itself
  if (!(whole > 4 * a.rad)) return DoubleBall::unknown();
  const double l = std::log1p(a.mid);
  return settled(l, above(a.rad / (whole - a.rad) + std::abs(l) * function_error + 4 * least));
}

/// Neither moves faster than its operand. Beyond 2^20 nobody needs them here.
inline DoubleBall cos(const DoubleBall& a) {
  if (a.zero()) return {1, 0};
  if (!(std::abs(a.mid) < 0x1p20)) return DoubleBall::unknown();
  const double c = std::cos(a.mid);
  return settled(c, above(a.rad + std::abs(c) * function_error));
}
inline DoubleBall sin(const DoubleBall& a) {
  if (a.zero()) return {};
  if (!(std::abs(a.mid) < 0x1p20)) return DoubleBall::unknown();
  const double s = std::sin(a.mid);
  return settled(s, above(a.rad + std::abs(s) * function_error + 4 * least));
}

/// base^exponent, base >= 0, 0^0 = 1. (b + y) log(a + x) - b log a <= t, whose exponential it moves by.
inline DoubleBall pow(const DoubleBall& a, const DoubleBall& b) {
  if (b.zero()) return {1, 0};
  if (a.zero()) return b.positive() ? DoubleBall{} : DoubleBall::unknown();
  if (!(a.mid > 2 * a.rad) || !b.known()) return DoubleBall::unknown();
  if (b.mid == 1 && b.rad == 0) return a;
  if (a.mid == 1 && a.rad == 0) return {1, 0};
  const double p = std::pow(a.mid, b.mid), size = p * (1 + 2 * function_error) + least;
  const double log_size = std::abs(std::log(a.mid)) * (1 + 2 * function_error);
  const double t = above((std::abs(b.mid) + b.rad) * (a.rad / (a.mid - a.rad)) + log_size * b.rad);
  const double moved = a.rad == 0 && b.rad == 0 ? 0 : size * growth(t);
  return settled(p, above(moved + p * function_error + 4 * least));
}

inline DoubleBall abs(const DoubleBall& a) { return {std::abs(a.mid), a.rad}; }

/// -1, 0 or 1; 2 where the ball does not tell.
inline int sign(const DoubleBall& a) { return a.zero() ? 0 : a.positive() ? 1 : a.negative() ? -1 : 2; }

/// -1, 0 or 1 as a is below, the same exact number as, or above b; 2 where the balls do not tell.
inline int compare(const DoubleBall& a, const DoubleBall& b) {
  if (a.rad == 0 && b.rad == 0) return a.mid < b.mid ? -1 : a.mid > b.mid ? 1 : 0;
  const double gap = above(a.rad + b.rad);
  return a.mid - b.mid > gap ? 1 : b.mid - a.mid > gap ? -1 : 2;
}

inline DoubleBall maximum(const DoubleBall& a, const DoubleBall& b) {
  const int order = compare(a, b);
  if (order != 2) return order < 0 ? b : a;
  return {std::max(a.mid, b.mid), std::max(a.rad, b.rad)};
}

/// max(0, a), which moves no faster than a.
inline DoubleBall positive_part(const DoubleBall& a) {
  if (a.nonpositive()) return {};
  return {std::max(a.mid, 0.), a.rad};
}

}  // namespace double_ball
}  // namespace assay::reference
