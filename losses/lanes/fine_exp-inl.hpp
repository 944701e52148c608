// exp in lanes to all the digits of a Twin, where a sum of exponentials may cancel. Included once a target.
//
// Twin fine_exp: 2^-100 relative for x in +-40, 2^-95 for x in +-600.
//
// x = k log 2 + r as in functions-inl.hpp, but for log 2 in two words that a product with k keeps. At y =
// r/32 the series in functions-inl.hpp is good to 2^-103 of e^y - 1: |y|^6 is below 2^-39, and the polynomial
// that follows the terms in two words is rounded to 2^-65. Then e^2y - 1 = p (2 + p), p = e^y - 1, five
// times: each adds some 2^-101 of roundings and passes the error of p on with the factor (2 + 2p)/(2 + p)
// < 1.1.

#if defined(ASSAY_LOSSES_LANES_FINE_EXP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_LANES_FINE_EXP_INL_HPP
#undef ASSAY_LOSSES_LANES_FINE_EXP_INL_HPP
#else
#define ASSAY_LOSSES_LANES_FINE_EXP_INL_HPP
#endif

#include "losses/lanes/functions-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

HWY_INLINE Twin fine_exp(Twin x) {
  const Whole k = multiples_of_ln_two(x.hi);
  const Twin r = x - exact(k.k) * Twin{polynomial::ln_two[0], polynomial::ln_two[1]};
  Twin p = TwinExp<7>({r.hi * Real(0x1p-5), r.lo * Real(0x1p-5)}).p;
  for (int doubling = 0; doubling < 5; ++doubling) p = p * above(2.0, 0.0, p);
  const Twin sum = above(1.0, 0.0, p);
  const Real power = k.power_of_two();
  return {sum.hi * power, sum.lo * power};
}

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
