#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// x with slope 1 where t = 1; else m with slope -1 where m = margin - x is positive, and 0 with slope 0: the
/// kink m = 0 belongs to the flat side. A difference of two numbers never rounds to the wrong sign, nor to 0
/// unless it is.
template <>
struct Formula<HingeEmbedding> {
  static constexpr bool few_operations = true;

  explicit Formula(const HingeEmbedding& loss) : margin(loss.margin) {}

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    using Number = typename In<X>::Number;
    const X zero = 0, one = 1, bound = margin;
    const auto m = bound - x;
    const auto together = t > 0;
    const auto value = select(together, Number(x), select(m <= 0, zero, m));  // NaN is itself
    const auto slope = select(together, Number(one), select(m > 0, Number(-one), select(m <= 0, zero, m)));
    return {value, {slope, slope}, ordinary(x) & !(abs(x) == infinity) & ordinary(bound) & (abs(t) == 1)};
  }

  double margin;
};

ASSAY_END

ASSAY_KERNEL(HingeEmbedding)
