// The cross-entropy of a logit, as losses over elements and over rows take it. Included once a target.

#if defined(ASSAY_LOSSES_SHAPES_ELEMENT_WISE_LOGIT_CROSS_ENTROPY_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_ELEMENT_WISE_LOGIT_CROSS_ENTROPY_INL_HPP
#undef ASSAY_LOSSES_SHAPES_ELEMENT_WISE_LOGIT_CROSS_ENTROPY_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_ELEMENT_WISE_LOGIT_CROSS_ENTROPY_INL_HPP
#endif

#include "losses/shapes/element_wise/element-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// t w softplus(-x) + (1-t) softplus(x); by x (1-t) s(x) - t w s(-x), s the sigmoid; by t w softplus(-x) -
/// softplus(x); by w t softplus(-x).
///
/// With q = e^-|x| and L = log(1+q), softplus(+-x) = max(0, +-x) + L and s(+-x) is 1/(1+q) or q/(1+q): sums
/// and quotients of positive terms. So the value is |x| times 1-t or t w, by the sign of x, and (1-t + t w)
/// L: two terms that are not negative.
///
/// By x the terms may cancel. Where |x| < 1 what they share is taken out first: (1-t) - t w is rounded once,
/// and q-1 keeps its relative accuracy, so that t = 1/2 gives x/4 for the least x too. Elsewhere that would
/// lose q beside 1; there the sensitivity to t is as large as either term.
///
/// By t the common L is taken out, (w-1) L + w max(0,-x) - max(0,x): without it nothing excuses the loss of
/// digits near x = 0, where for w = 1 the slope is -x; for other w what cancels is matched by the
/// sensitivities to w and x.
///
/// Limits at x = +-inf: q = L = 0, and a coefficient t, w or 1-t that is 0 drops its infinite term.
class LogitCrossEntropy {
 public:
  template <class X>
  HWY_INLINE static Element<X, 3> of(const X& x, const X& t, const X& w) {
    const X zero = 0, one = 1;
    const auto size = abs(x);
    const auto right = x > 0;
    const auto [q, fall] = powers(-size);
    const auto rest = one - t, weight = weigh(t, w);
    const auto common = log1p_unit(short_exp_down(-size));
    const auto value = weigh(select(right, rest, weight), size) + (rest + weight) * common;

    const auto larger = one / (one + q), smaller = q * larger;
    const auto near = size < one;
    const auto up = select(near, rest - weight, weigh(rest, select(right, larger, smaller)));
    const auto down = select(near, select(right, -weight, rest) * fall,
                             -weigh(t, weigh(w, select(right, smaller, larger))));
    const auto sum = up + down;
    const auto by_x = select(near, sum * larger, sum);

    const auto excess = (w - one) * log1p(q), linear = select(right, -x, -(w * x));
    const auto by_t = select(w == zero, -(positive_part(x) + common), excess + linear);
    const auto by_w = weigh(t, positive_part(-x) + common);
    return {value,
            {by_x, by_t, by_w},
            exponentiable(x) & between(0, t, 1) & (ordinary(w) & !(w < 0) & !(w == infinity)),
            {survives(sum, down), survives(by_t, excess), certain<X>()}};
  }
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
