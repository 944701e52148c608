#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// m and -t where m = 1 - t x is positive, else 0 and 0: the kink m = 0 belongs to the flat side. t x is
/// exact, and the difference never rounds to the wrong sign, nor to 0 unless it is. Limits at t x = +-inf: 0
/// with slope 0, inf with slope -t.
template <>
struct Formula<Hinge> {
  static constexpr bool few_operations = true;

  explicit Formula(const Hinge&) {}

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    const X zero = 0, one = 1;
    const auto m = one - t * x;
    const auto slope = select(m > 0, -t, select(m <= 0, zero, m));  // NaN is itself
    return {select(m <= 0, zero, m), {slope, slope}, ordinary(x) & (abs(t) == 1)};
  }
};

ASSAY_END

ASSAY_KERNEL(Hinge)
