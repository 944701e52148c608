#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// (log v + a^2/v)/2, and log(2 pi)/2 more when full; by x and t +-a/v, by v (v - a^2)/(2 v^2); a = x-t.
///
/// The terms of the value cancel where log v < 0; what they leave is as uncertain as a^2/v, of which the
/// sensitivity to a is twice as large. So do v and a^2, whose sensitivities are at least the term. Limits at
/// x = +-inf: inf, +-inf, -+inf, and by v -inf, which the arithmetic gives by itself.
template <>
struct Formula<GaussianNll> {
  explicit Formula(const GaussianNll& loss) : full(loss.full) {}

  template <class X>
  HWY_INLINE Element<X, 3> operator()(const X& x, const X& t, const X& v) const {
    using Number = typename In<X>::Number;
    const auto a = x - t, slope = a / v, misfit = a * slope;
    const auto spread = log(v), sum = spread + misfit;
    // mpmath.log(2*mpmath.pi)/2
    const auto constant =
        Constant<Number>::of(full ? 0x1.d67f1c864beb5p-1 : 0, full ? -0x1.65b5a1b7ff5dfp-55 : 0);
    const auto value = half(sum) + constant, rest = v - square(a);
    return {value,
            {slope, -slope, half(rest / square(v))},
            ordinary(a) & ordinary(v) & (v > 0) & !(v == infinity) & survives(value, spread) &
                survives(value, misfit),
            {certain<X>(), certain<X>(), survives(rest, square(a))}};
  }

  bool full;
};

ASSAY_END

ASSAY_KERNEL(GaussianNll)
