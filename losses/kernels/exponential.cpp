#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// e^{-t x} and -t e^{-t x}, t in {-1, 1}. Limits at t x = +-inf: 0 with slope 0, inf with slope -t inf.
template <>
struct Formula<Exponential> {
  explicit Formula(const Exponential&) {}

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    const auto value = short_exp(-(t * x)), slope = -(t * value);
    return {value, {slope, slope}, exponentiable(x) & (abs(t) == 1)};
  }
};

ASSAY_END

ASSAY_KERNEL(Exponential)
