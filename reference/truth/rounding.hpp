// From a ball to machine numbers and decimals, each step certain or refused.
#pragma once

#include <optional>
#include <string>

#include "losses/spec/record.hpp"
#include "reference/numbers/arb.hpp"

namespace assay::reference {

/// An exact number rounded once to the dtype: to nearest, ties to even, gradual underflow, overflow to
/// infinity. Zeros are +0.
double round_once(const arf_t x, Dtype dtype);

/// A fraction "numerator/denominator", or an integer, rounded once: here ties decide. With beside = 1 or -1,
/// a number above or below the fraction by less than any dtype can tell.
double round_fraction(const std::string& fraction, int beside, Dtype dtype);

/// The one machine number that every real in the ball rounds to; nothing while the ball is too wide. A ball
/// inside half the least subnormal is +0.
std::optional<double> round_ball(arb_srcptr ball, Dtype dtype);

/// 40 significant digits, correctly rounded, without trailing zeros; nothing while the ball is too wide.
std::optional<std::string> decimal(arb_srcptr ball);
inline constexpr int decimal_digits = 40;
/// N * 10^exponent as a decimal, N an integer without sign.
std::string decimal(bool negative, std::string digits, long exponent);

/// ulp of the contract: the unit in the last place at x, never below the smallest subnormal, continuing past
/// overflow. As an exponent of 2. x is not 0.
long ulp_exponent(const arf_t x, Dtype dtype);

}  // namespace assay::reference
