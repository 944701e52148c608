#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// q |a| with slope -q where a = x-t is negative, else (1-q) a with slope 1-q; a and 1-q are rounded once. At
/// the kink a = 0 both pieces share: 1/2 - q. Limits at x = +-inf: inf, with those slopes.
template <>
struct Formula<Quantile> {
  static constexpr bool few_operations = true;

  explicit Formula(const Quantile& loss) : q(loss.q) {}
  [[nodiscard]] bool sum_shows() const { return q > 0x1p-240 && q < 1; }

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    using Number = typename In<X>::Number;
    const X one = 1, middle = .5, below = q;
    const auto a = x - t, above = one - below;
    const auto under = a < 0;
    const auto slope = select(under, Number(-below), select(a > 0, above, select(a == 0, middle - below, a)));
    return {select(under, Number(below), above) * abs(a), {slope, -slope}, ordinary(a) & ordinary(below)};
  }

  double q;
};

ASSAY_END

ASSAY_KERNEL(Quantile)
