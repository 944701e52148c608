#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// m and -+t where m = margin - t (x1 - x2) is positive, else 0 and 0: the kink m = 0 belongs to the flat
/// side.
///
/// The sign of m must be right: on the flat side nothing excuses a number. Twin and Quad hold the difference
/// of two numbers exactly, and what they subtract next keeps its relative accuracy. A Real rounds both, by
/// 2^-53 of the difference each, and knows the sign where m is 2^-40 of it or more, or where nothing was
/// rounded. Limits at t (x1 - x2) = +-inf: 0 with slopes 0, inf with slopes -+t; equal infinities have none.
template <>
struct Formula<MarginRanking> {
  explicit Formula(const MarginRanking& loss) : margin(loss.margin) {}

  template <class X>
  HWY_INLINE Element<X, 3> operator()(const X& x1, const X& x2, const X& t) const {
    const X zero = 0, bound = margin;
    const auto d = x1 - x2, m = bound - t * d;
    const auto slope = select(m > 0, -t, select(m <= 0, zero, m));  // NaN is itself
    return {select(m <= 0, zero, m),
            {slope, -slope, slope},
            ordinary(d) & ordinary(bound) & (abs(t) == 1) & sign_is_known(m, d)};
  }

  double margin;

 private:
  template <class Number>
  HWY_INLINE static Always sign_is_known(const Number&, const Number&) {
    return {};
  }
  HWY_INLINE static Condition sign_is_known(const Real& m, const Real& d) {
    return abs(m) >= abs(d) * Real(0x1p-40);
  }
  static bool sign_is_known(const Quad&, const Quad&) { return true; }
};

ASSAY_END

ASSAY_KERNEL(MarginRanking)
