#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// 100 |a|/|t|, by x +-100/|t|, by t -+100 |x/t| / t with the sign of a; a = x-t. a is rounded once, or
/// exact, and so nothing cancels: by t the derivatives of a and of 1/t have been added on paper. At the kink
/// a = 0 both slopes are 0. Limits at x = +-inf: inf, +-100/|t| and -+inf.
template <>
struct Formula<Mape> {
  explicit Formula(const Mape&) {}

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    using Number = typename In<X>::Number;
    const X hundred = 100, one = 1;
    const auto a = x - t, unit = Number(hundred) / abs(t);
    const auto sign = select(a < 0, Number(-one), select(a > 0, Number(one), a));  // 0 and NaN are themselves
    const auto slope = sign * unit;
    return {abs(a) * unit,
            {slope, -(slope * (x / t))},
            ordinary(a) & ordinary(x) & ordinary(t) & !(t == 0) & !(abs(t) == infinity)};
  }
};

ASSAY_END

ASSAY_KERNEL(Mape)
