#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// log cosh(a) and tanh(a), a = x-t.
///
/// With q = e^-|a| and f = q - 1: below |a| = 1 as log(1 + (cosh a - 1)), cosh a - 1 = f^2/(2q), where every
/// step keeps its relative accuracy down to a^2/2 of a subnormal a; above as |a| - log 2 + log(1 + q^2),
/// where |a| - log 2 leaves .3 at least, so that the cancellation costs less than two bits. tanh |a| = -f
/// (1+q)/(1+q^2): no cancellation. Beyond |a| = 690 both are |a| - log 2 and +-1 to any rounding, whatever
/// small q stands for e^-|a|. Limits at x = +-inf: inf and +-1.
template <>
struct Formula<LogCosh> {
  explicit Formula(const LogCosh&) {}

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    using Number = typename In<X>::Number;
    const X one = 1;
    const auto a = x - t, size = abs(a);
    const auto [q, f] = short_powers(-lesser(size, X(690)));
    const auto near = size < one;
    const auto log = log1p_unit(select(near, square(f) / twice(q), square(q)));
    const auto linear =
        size - Constant<Number>::of(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);  // mpmath.log(2)
    const auto tanh = -f * (one + q) / (one + square(q));
    const auto slope = select(a < 0, -tanh, tanh);
    return {select(near, log, linear + log), {slope, -slope}, ordinary(a)};
  }
};

ASSAY_END

ASSAY_KERNEL(LogCosh)
