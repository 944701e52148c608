#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// s = 1/(1+e^-x), ds/dx = s (1-s) = e^-|x| / (1+e^-|x|)^2.
///
/// Of q = e^-|x|, in (0, 1], both are quotients of sums of positive terms: no cancellation on either side,
/// and no overflow. Limits: q = 0 gives 1 and 0, and slope 0.
template <>
struct Formula<Sigmoid> {
  explicit Formula(const Sigmoid&) {}

  template <class X>
  HWY_INLINE Element<X, 1> operator()(const X& x) const {
    const X one = 1;
    const auto q = short_exp_down(-abs(x)), share = one / (one + q);
    return {select(x < 0, q * share, share), {q * square(share)}, exponentiable(x)};
  }
};

ASSAY_END

ASSAY_KERNEL(Sigmoid)
