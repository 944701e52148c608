#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// max(0, x) + log(1+q), q = e^-|x|, and s(x), s the sigmoid: a sum and quotients of terms that are not
/// negative, so that nothing cancels; both tails keep their digits. Limits at x = +-inf: inf with slope 1, 0
/// with slope 0.
template <>
struct Formula<Softplus> {
  explicit Formula(const Softplus&) {}

  template <class X>
  HWY_INLINE Element<X, 1> operator()(const X& x) const {
    const X one = 1;
    const auto q = short_exp_down(-abs(x)), share = one / (one + q);
    return {positive_part(x) + log1p_unit(q), {select(x < 0, q * share, share)}, exponentiable(x)};
  }
};

ASSAY_END

ASSAY_KERNEL(Softplus)
