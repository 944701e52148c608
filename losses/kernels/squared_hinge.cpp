#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// m^2 and -2 t m where m = 1 - t x is positive, else 0 and 0. t x is exact, and the difference never rounds
/// to the wrong sign, nor to 0 unless it is, so that both keep its relative accuracy down to the end of the
/// slope. Limits at t x = +-inf: 0 with slope 0, inf with slope -t inf.
template <>
struct Formula<SquaredHinge> {
  static constexpr bool few_operations = true;

  explicit Formula(const SquaredHinge&) {}

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    const X zero = 0, one = 1;
    const auto all = one - t * x;
    const auto m = select(all <= 0, zero, all);  // NaN is itself
    const auto slope = -(twice(m) * t);
    return {square(m), {slope, slope}, ordinary(x) & (abs(t) == 1)};
  }
};

ASSAY_END

ASSAY_KERNEL(SquaredHinge)
