#include "losses/catalogue.hpp"
#include "losses/element_wise.hpp"

namespace assay {

/// t w softplus(-x) + (1-t) softplus(x); by x (1-t) s(x) - t w s(-x), s the sigmoid; by t w softplus(-x) -
/// softplus(x); by w t softplus(-x).
///
/// With q = e^-|x| and L = log(1+q), softplus(+-x) = max(0, +-x) + L and s(+-x) is 1/(1+q) or q/(1+q): sums
/// and quotients of positive terms. Both terms of the value are nonnegative.
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
template <class T>
struct Formula<BinaryCrossEntropyWithLogits, T> {
  using Number = Wide<T>;
  explicit Formula(const BinaryCrossEntropyWithLogits&) {}

  Element<Number, 3> operator()(const std::array<Number, 3>& input, bool wanted) const {
    const auto& [x, t, w] = input;
    if (t < 0 || t > 1 || w < 0 || is_infinite(w)) return undefined<Number, 3>();
    const Number q = exp(-abs(x)), common = log1p(q), rest = Number(1) - t;
    const Number positive = positive_part(x) + common, negative = positive_part(-x) + common;
    Element<Number, 3> e;
    e.value = weigh(t, weigh(w, negative)) + weigh(rest, positive);
    if (!wanted) return e;
    const Number larger = Number(1) / (Number(1) + q), smaller = q * larger;
    const bool right = x > 0;
    if (abs(x) < 1) {
      const Number weight = weigh(t, w), fall = expm1(-abs(x));
      e.slope[0] = ((rest - weight) + (right ? -(weight * fall) : rest * fall)) * larger;
    } else {
      e.slope[0] = weigh(rest, right ? larger : smaller) - weigh(t, weigh(w, right ? smaller : larger));
    }
    e.slope[1] = w == 0 ? -positive : (w - Number(1)) * common + (right ? -x : -(w * x));
    e.slope[2] = weigh(t, negative);
    return e;
  }
};

template std::size_t workspace_bytes(const BinaryCrossEntropyWithLogits&, const Call<float>&);
template std::size_t workspace_bytes(const BinaryCrossEntropyWithLogits&, const Call<double>&);
template void evaluate(const BinaryCrossEntropyWithLogits&, const Call<float>&);
template void evaluate(const BinaryCrossEntropyWithLogits&, const Call<double>&);

}  // namespace assay
