// What blocks ask of balls beside numbers/double_ball.hpp.
#pragma once

#include "reference/numbers/double_ball.hpp"

namespace assay::reference::block_ball {

inline DoubleBall exactly(double x) { return {x, 0}; }

/// A first that is exactly 0 drops the second, whatever it is.
inline DoubleBall dropped_by_first(const DoubleBall& a, const DoubleBall& product) {
  return a.zero() ? DoubleBall{} : product;
}

/// e^a, and below e^-700 no more than that it is small: subnormal numbers take a processor long.
inline DoubleBall small_or_exp(const DoubleBall& a) {
  return a.mid < -700 && a.rad <= 1 ? DoubleBall{0, 0x1p-1000} : double_ball::exp(a);
}

/// log cosh m = log1p(2 sinh^2(m/2)), which near 0 has all of its digits: three roundings and two functions
/// before the logarithm, whose own condition is at most 1. The slope is tanh, at most |m| and at most 1.
inline DoubleBall log_cosh(const DoubleBall& a) {
  if (a.zero()) return {};
  const double s = std::sinh(a.mid / 2), y = std::log1p(2 * s * s);
  const double slope = std::fmin(1, std::fabs(a.mid) + a.rad);
  return double_ball::settled(y, double_ball::above(a.rad * slope + 8 * double_ball::function_error * y));
}

/// The slope of a kink at 0: `low` below, 1 above, 0 at it; where the side is not known anything from `low`
/// to 1, and where nothing is known nothing.
inline DoubleBall side(const DoubleBall& a, double low) {
  const int sign = double_ball::sign(a);
  if (sign != 2) return exactly(sign > 0 ? 1 : sign < 0 ? low : 0);
  return a.known() ? DoubleBall{(low + 1) / 2, (1 - low) / 2} : DoubleBall::unknown();
}

/// Both, and what lies between.
inline DoubleBall hull(const DoubleBall& a, const DoubleBall& b) {
  const double low = std::fmin(a.mid - a.rad, b.mid - b.rad), high = std::fmax(a.mid + a.rad, b.mid + b.rad);
  const double middle = low / 2 + high / 2;
  const double radius = std::fmax(high - middle, middle - low) + (std::fabs(low) + std::fabs(high)) * 0x1p-51;
  return double_ball::settled(middle, double_ball::above(radius));
}

}  // namespace assay::reference::block_ball
