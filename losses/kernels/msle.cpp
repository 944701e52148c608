#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// d^2, by x 2 d/(1+x), by t -2 d/(1+t); d = log((1+x)/(1+t)).
///
/// Where x and t are near each other d is log1p(r), r = (x-t)/(1+t), which keeps the relative accuracy of
/// x-t; at |r| = 1/2 log1p has made an error half as large again. Elsewhere |d| is above .4 and the logarithm
/// of the quotient has lost nothing that counts. Limits at x = inf: inf, 0 and -inf.
template <>
struct Formula<Msle> {
  explicit Formula(const Msle&) {}

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    using Number = typename In<X>::Number;
    const X zero = 0, one = 1, middle = .5;
    const Number up = x + one, down = t + one;
    const auto r = (x - t) / down;
    const auto near = abs(r) < middle;
    const auto d =
        select(near, log1p(select(near, r, Number(zero))), log(select(near, Number(one), up / down)));
    const auto slope = twice(d);
    return {square(d),
            {select(x == infinity, Number(zero) * down, slope / up), -(slope / down)},
            ordinary(x) & ordinary(t) & (x > -1) & (t > -1) & !(t == infinity)};
  }
};

ASSAY_END

ASSAY_KERNEL(Msle)
