#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// |a| and the sign of a, 0 at the kink a = 0; a = x-t. Subtraction never rounds to the wrong sign, nor a
/// number that is not 0 to 0. Limits at x = +-inf: inf and +-1.
template <>
struct Formula<Mae> {
  static constexpr bool few_operations = true;

  explicit Formula(const Mae&) {}
  static bool sum_shows() { return true; }

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    const X one = 1;
    const auto a = x - t;
    const auto slope = select(a > 0, one, select(a < 0, -one, a));  // 0 and NaN are themselves
    return {abs(a), {slope, -slope}, ordinary(a)};
  }
};

ASSAY_END

ASSAY_KERNEL(Mae)
