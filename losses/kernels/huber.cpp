#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// a^2/2 and a where |a| <= delta, else delta (|a| - delta/2) and +-delta; a = x-t.
///
/// The two sides meet with equal value and slope, so that a rounding of a that takes the other side costs its
/// own size and no more. Either side is min(|a|, delta) times what that leaves of |a|, halved from itself:
/// |a| - delta/2 >= |a|/2, no cancellation. Limits at x = +-inf: inf and +-delta.
template <>
struct Formula<Huber> {
  static constexpr bool few_operations = true;

  explicit Formula(const Huber& loss) : delta(loss.delta) {}
  [[nodiscard]] bool sum_shows() const { return delta > 0x1p-240 && delta < 0x1p240; }

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    const X bound = delta;
    const auto a = x - t, size = abs(a);
    const auto far = size > bound;
    const auto slope = select(far, select(a > 0, bound, -bound), a);
    const auto reach = select(far, less(size, half(bound)), half(size));
    return {select(far, bound, size) * reach, {slope, -slope}, ordinary(a) & ordinary(bound)};
  }

  double delta;
};

ASSAY_END

ASSAY_KERNEL(Huber)
