#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// softplus(-t x) = max(0, -t x) + log(1+q), q = e^-|x|, and -t s(-t x), s the sigmoid: sums and quotients of
/// terms that are not negative, so that nothing cancels. Limits at t x = +-inf: 0 with slope 0, inf with
/// slope -t.
template <>
struct Formula<SoftMargin> {
  explicit Formula(const SoftMargin&) {}

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    const X one = 1;
    const auto margin = t * x;
    const auto q = short_exp_down(-abs(x)), share = one / (one + q);
    const auto slope = -(t * select(margin > 0, q * share, share));
    return {positive_part(-margin) + log1p_unit(q), {slope, slope}, exponentiable(x) & (abs(t) == 1)};
  }
};

ASSAY_END

ASSAY_KERNEL(SoftMargin)
