// The cross-entropy of a probability, in nats, as losses in other units take it over. Included once a target
// by kernels' files.

#if defined(ASSAY_LOSSES_SHAPES_ELEMENT_WISE_BINARY_CROSS_ENTROPY_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_ELEMENT_WISE_BINARY_CROSS_ENTROPY_INL_HPP
#undef ASSAY_LOSSES_SHAPES_ELEMENT_WISE_BINARY_CROSS_ENTROPY_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_ELEMENT_WISE_BINARY_CROSS_ENTROPY_INL_HPP
#endif

#include "losses/shapes/element_wise/element-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// -(t log p + (1-t) log(1-p)); by p (p-t)/(p (1-p)), by t log(1-p) - log p.
///
/// Both terms of the value are nonnegative. 1-t and 1-p are exact, or good to a rounding of 1. By p: as it
/// stands inside (0, 1), where p-t is rounded once and the sensitivity to t is at least t/(p (1-p)); at the
/// ends the two terms -t/p and (1-t)/(1-p), of which a coefficient 0 drops one: the one-sided slope at p = 0
/// is 1 for t = 0 and -inf otherwise, at p = 1 it is -1 for t = 1 and inf otherwise. By t the formula is
/// plain: at p = 0 it is +inf and at p = 1 -inf, for t = 0 and 1 too. It cancels around p = 1/2 only, where
/// log((1-p)/p) is log1p((1-2p)/p): 1-2p is exact or good to a rounding of 1, and the sensitivity to p is at
/// least 1. In lanes p is inside (0, 1).
class BinaryCrossEntropyTerms {
 public:
  template <class X>
  HWY_INLINE static Element<X, 2> of(const X& p, const X& t) {
    using Number = typename In<X>::Number;
    const X one = 1;
    const auto complement = one - p, rest = one - t;
    const auto value = -(weigh(t, short_log(p)) + weigh(rest, short_log1p(-Number(p))));
    const auto by_p =
        select(inside(p), (p - t) / (p * complement), weigh(rest, one / complement) - weigh(t, one / abs(p)));
    const auto by_t = select((p > .25) & (p < .75), log1p((complement - p) / p), log1p(-p) - log(p));
    return {value, {by_p, by_t}, between(0, p, 1) & between(0, t, 1) & in_lanes(p)};
  }

 private:
  template <class X>
  HWY_INLINE static auto inside(const X& p) {
    return (p > 0) & (p < 1);
  }
  template <class X>
  HWY_INLINE static auto in_lanes(const X& p) {
    return inside(p);
  }
  static bool in_lanes(const Quad&) { return true; }
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
