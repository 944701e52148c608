// Balls in binary64: a number is known to lie within `radius` of `middle`. Each function encloses every
// result of numbers in its operands' balls; why stands beside it. A radius of infinity says nothing: neither
// where the number lies nor that it is one.
//
// Middles are rounded to nearest, by at most 2^-53 of the result and half of 2^-1074. Radii are computed in
// binary64 too; no formula here rounds more than 32 times, by 2^-53 each, so that a factor `wider` covers
// that, and what underflows on the way is below `least`.
#pragma once

#include <cmath>
#include <limits>

namespace assay::reference {

struct BlockBall {
  double middle, radius;

  [[nodiscard]] bool exact() const { return radius == 0; }
  [[nodiscard]] bool zero() const { return middle == 0 && radius == 0; }
  [[nodiscard]] bool lost() const { return !(radius <= std::numeric_limits<double>::max()); }
  [[nodiscard]] bool positive() const { return middle > radius; }
  [[nodiscard]] bool negative() const { return -middle > radius; }
  /// Far enough from 0 for the bounds of quotients and logarithms.
  [[nodiscard]] bool away_from_zero() const { return std::fabs(middle) >= 2 * radius && middle != 0; }
};

/// Functions of the C library are off by no more than this, relative to their result: glibc's manual says 2
/// ulp of binary64 at most for those that are called here, and this is 8.
inline constexpr double library_error = 0x1p-49;

namespace block_ball {

inline constexpr double rounding = 0x1p-53, wider = 1 + 0x1p-40, least = 0x1p-1070;
inline constexpr BlockBall nothing{0, std::numeric_limits<double>::infinity()};

inline BlockBall exactly(double x) { return {x, 0}; }

/// What overflowed or is NaN says nothing.
inline BlockBall settled(double middle, double radius) {
  constexpr double largest = std::numeric_limits<double>::max();
  const bool known = radius <= largest && std::fabs(middle) <= largest;
  return {known ? middle : 0, known ? radius : nothing.radius};
}
inline BlockBall if_known(bool known, double middle, double radius) {
  return settled(middle, known ? radius : nothing.radius);
}

/// Knuth's two-sum: the rounding error of the sum is a double, and known.
inline BlockBall add(BlockBall a, BlockBall b) {
  const double sum = a.middle + b.middle, from_b = sum - a.middle;
  const double error = (a.middle - (sum - from_b)) + (b.middle - from_b);
  return settled(sum, ((a.radius + b.radius) + std::fabs(error)) * wider);
}
inline BlockBall negated(BlockBall a) { return {-a.middle, a.radius}; }
inline BlockBall sub(BlockBall a, BlockBall b) { return add(a, negated(b)); }

/// |(a + x)(b + y) - a b| <= |a| |y| + |b| |x| + |x y|. With `short_factors` the middles have 53 bits
/// together: of two exact ones the product is exact.
inline BlockBall mul(BlockBall a, BlockBall b, bool short_factors) {
  const double product = a.middle * b.middle, size = std::fabs(product);
  const double spread = std::fabs(a.middle) * b.radius + std::fabs(b.middle) * a.radius + a.radius * b.radius;
  const bool both_exact = a.radius + b.radius == 0;
  const bool zero = (a.zero() || b.zero()) && a.radius + b.radius <= std::numeric_limits<double>::max();
  const bool exact = zero || (short_factors && both_exact && size >= 0x1p-900);
  const double radius = (spread + size * rounding) * wider + least;
  return settled(zero ? 0 : product, exact ? 0 : radius);
}
/// A first that is exactly 0 drops the second, whatever it is.
inline BlockBall dropped_by_first(BlockBall a, BlockBall product) {
  return {a.zero() ? 0 : product.middle, a.zero() ? 0 : product.radius};
}

/// (a + x)/(b + y) - a/b = (x - (a/b) y)/(b + y). By a power of two the quotient of an exact number is exact.
inline BlockBall div(BlockBall a, BlockBall b, bool by_power_of_two) {
  const double quotient = a.middle / b.middle, size = std::fabs(quotient);
  const double radius = (a.radius + size * b.radius) / (std::fabs(b.middle) - b.radius) + size * rounding;
  const bool exact = a.zero() || (by_power_of_two && a.radius + b.radius == 0 && size >= 0x1p-900);
  return if_known(b.away_from_zero(), quotient, exact ? 0 : radius * wider + least);
}

/// e^m with m's own error aside: e^(m+d) - e^m <= e^m (r + r^2) for |d| <= r <= 1.
inline BlockBall exp_around(double power, double radius) {
  return if_known(radius <= 1, power, power * (radius + radius * radius + library_error) * wider + least);
}
inline BlockBall exp(BlockBall a) {
  return std::fabs(a.middle) <= 700      ? exp_around(std::exp(a.middle), a.radius)
         : a.middle < 0 && a.radius <= 1 ? BlockBall{0, 0x1p-1000}
                                         : nothing;
}

/// |log(m+d) - log m| <= -log(1 - q) <= q + q^2 for |d| <= q m, q <= 1/2.
inline BlockBall log_around(double logarithm, BlockBall a) {
  const double q = a.radius / a.middle;
  return if_known(a.middle > 0 && a.away_from_zero(), logarithm,
                  (q + q * q + std::fabs(logarithm) * library_error) * wider);
}
inline BlockBall log(BlockBall a) { return log_around(a.middle > 0 ? std::log(a.middle) : 0, a); }

/// The slope is 1/(1 + m + d), and at most 1/(1 + m - r).
inline BlockBall log1p_around(double logarithm, BlockBall a) {
  const double above = 1 + a.middle;
  const double radius = a.radius / (above - a.radius) + std::fabs(logarithm) * library_error;
  return if_known(above > 0 && above >= 2 * a.radius, a.zero() ? 0 : logarithm,
                  a.zero() ? 0 : radius * wider + least);
}
inline BlockBall log1p(BlockBall a) { return log1p_around(a.middle > -1 ? std::log1p(a.middle) : 0, a); }

/// |sqrt(m+d) - sqrt m| = |d| / (sqrt(m+d) + sqrt m) <= r / sqrt m.
inline BlockBall sqrt(BlockBall a) {
  const double root = std::sqrt(a.middle);
  if (a.zero()) return exactly(0);
  return if_known(a.middle > 0 && a.away_from_zero(), root,
                  (a.radius / root + root * rounding) * wider + least);
}

/// Both move by at most cosh m (e^|d| - 1) when m moves by d.
inline BlockBall cosh(BlockBall a) { return exp_around(std::cosh(a.middle), a.radius); }
inline BlockBall sinh(BlockBall a) {
  if (a.zero()) return exactly(0);
  const double y = std::sinh(a.middle), size = std::fabs(y);
  const double spread = (size + 1) * (a.radius + a.radius * a.radius);
  return if_known(a.radius <= 1, y, (spread + size * library_error) * wider + least);
}
/// log cosh m = log1p(2 sinh^2(m/2)), which near 0 has all of its digits: three roundings and two functions
/// before the logarithm, whose own condition is at most 1. The slope is tanh, at most |m| and at most 1.
inline BlockBall log_cosh(BlockBall a) {
  if (a.zero()) return exactly(0);
  const double s = std::sinh(a.middle / 2), y = std::log1p(2 * s * s);
  const double slope = std::fmin(1, std::fabs(a.middle) + a.radius);
  return settled(y, (a.radius * slope + 4 * library_error * y) * wider + least);
}
/// The slope is at most 1.
inline BlockBall cos(BlockBall a) { return settled(std::cos(a.middle), a.radius * wider + library_error); }
inline BlockBall sin(BlockBall a) {
  return a.zero() ? exactly(0) : settled(std::sin(a.middle), a.radius * wider + library_error);
}
/// (m (1 + e))^(b + d) = m^b e^s, |s| <= |b| q' + |d| (|log m| + q'), q' >= |log(1 + e)|.
inline BlockBall power(BlockBall a, BlockBall b) {
  if (b.zero()) return exactly(1);
  if (!(a.middle > 0) || !a.away_from_zero()) return nothing;
  const double q = a.radius / a.middle, most = q + q * q;
  const double s = std::fabs(b.middle) * most + b.radius * (std::fabs(std::log(a.middle)) + most);
  return exp_around(std::pow(a.middle, b.middle), s * wider);
}

inline BlockBall abs(BlockBall a) { return {std::fabs(a.middle), a.radius}; }
/// The side of 0 where one is certain, else what the slope of a kink may be: anything from `low` to 1.
inline BlockBall side(BlockBall a, double low) {
  const bool certain = a.positive() || a.negative() || a.zero();
  const double at = a.positive() ? 1 : a.negative() ? low : certain ? 0 : (low + 1) / 2;
  return {at, certain ? 0 : a.lost() ? nothing.radius : (1 - low) / 2};
}
/// max(0, x) where x may lie on either side: from 0 to the upper end.
inline BlockBall positive(BlockBall a) {
  const double half = (a.middle + a.radius) / 2 * wider;
  const bool kept = a.positive() || (a.exact() && a.middle >= 0), gone = -a.middle >= a.radius;
  return settled(kept ? a.middle : gone ? 0 : half, kept ? a.radius : gone ? 0 : half);
}
/// A maximum moves no further than the operand that moves furthest.
inline BlockBall larger(BlockBall a, BlockBall b) {
  return {std::fmax(a.middle, b.middle), std::fmax(a.radius, b.radius)};
}
inline bool certainly_at_most(BlockBall a, BlockBall b) {
  return a.middle - b.middle <= -(a.radius + b.radius) * wider;
}
inline bool certainly_above(BlockBall a, BlockBall b) {
  return a.middle - b.middle > (a.radius + b.radius) * wider;
}
/// Both, and what lies between.
inline BlockBall hull(BlockBall a, BlockBall b) {
  const double low = std::fmin(a.middle - a.radius, b.middle - b.radius);
  const double high = std::fmax(a.middle + a.radius, b.middle + b.radius);
  const double middle = low / 2 + high / 2;
  return settled(
      middle,
      (std::fmax(high - middle, middle - low) + (std::fabs(low) + std::fabs(high)) * rounding * 4) * wider +
          least);
}

}  // namespace block_ball
}  // namespace assay::reference
