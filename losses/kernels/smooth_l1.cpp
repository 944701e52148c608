#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// a^2/(2 beta) and a/beta where |a| < beta, else |a| - beta/2 and +-1; a = x-t.
///
/// The two sides meet with equal value and slope, so that a rounding of a that takes the other side costs its
/// own size and no more. |a| - beta/2 >= |a|/2: no cancellation. Limits at x = +-inf: inf and +-1.
template <>
struct Formula<SmoothL1> {
  static constexpr bool few_operations = true;

  explicit Formula(const SmoothL1& loss) : beta(loss.beta) {}
  [[nodiscard]] bool sum_shows() const { return beta > 0x1p-240 && beta < 0x1p240; }

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    const X bound = beta, one = 1;
    const auto a = x - t, size = abs(a), inner = a * (one / bound);
    const auto far = size >= bound;
    const auto slope = select(far, select(a > 0, one, -one), inner);
    return {select(far, size - half(bound), half(a * inner)), {slope, -slope}, ordinary(a) & ordinary(bound)};
  }

  double beta;
};

ASSAY_END

ASSAY_KERNEL(SmoothL1)
