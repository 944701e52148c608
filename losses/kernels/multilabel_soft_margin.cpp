#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/logit_cross_entropy-inl.hpp"
#include "losses/shapes/rows/row_terms-inl.hpp"

ASSAY_BEGIN

/// Of classes without weights. One over C is good to 2^-53, or 2^-102 in two words: C is exact.
template <>
struct RowTerm<MultilabelSoftMargin> {
  explicit RowTerm(std::size_t classes) : classes_(static_cast<double>(classes)) {}

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& x, const X& t) const {
    using Number = typename In<X>::Number;
    const X one = 1;
    const Number share = Number(one) / Number(X(classes_));
    const auto e = LogitCrossEntropy::of(x, t, one);
    return {e.value * share,
            {e.slope.template get<0>() * share, -(x * share)},
            e.holds,
            {e.slopes_hold.template get<0>(), certain<X>()}};
  }

 private:
  double classes_;
};

ASSAY_END

#if HWY_ONCE

#include <algorithm>

#include "losses/catalogue/multiclass_margin.hpp"
#include "losses/shapes/rows/class_tallies.hpp"

namespace assay {

/// (1/C) sum_c w_c v_c with v = t softplus(-x) + (1-t) softplus(x), a weight of 0 drops its class.
///
/// With q = e^-|x|, softplus(+-x) = max(0, +-x) + log(1+q) and the sigmoid of +-x is 1/(1+q) or q/(1+q). So v
/// is |x| times 1-t or t, by the sign of x, and log(1+q): two terms that are not negative, of which a
/// coefficient of 0 drops the first.
///
/// By x, s(x) - t = ((1-t) - t + r (q-1))/(1+q) with r = -t for x > 0, else 1-t: near x = 0 the sum keeps
/// what t is away from 1/2, and q-1 its relative accuracy. Where |x| >= 1 that would lose q beside 1; there
/// (1-t) s(x) - t s(-x) loses no more than the sensitivity to t, which is as large as either term. By t it is
/// -x.
template <class T>
class Row<MultilabelSoftMargin, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  Row(const MultilabelSoftMargin&, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call),
        classes_(static_cast<double>(call.inputs[0].extent[1])),
        weights_(call.inputs[2].real),
        by_weight_(call, 2, scratch) {}

  W value(std::int64_t i) {
    x_ = row_wise::row(call_.inputs[0], i);
    t_ = row_wise::row(call_.inputs[1], i);
    Sum<W> sum;
    for (std::size_t c = 0; c < x_.size(); ++c)
      if (weight(c) != W(0)) sum.add(weight(c) * loss(c));
    return sum.total() / classes_;
  }

  void adjoint(std::int64_t i, const W& cotangent) {
    const std::span<T> by_x = row_wise::gradient_row(call_, 0, i), by_t = row_wise::gradient_row(call_, 1, i);
    const W share = cotangent / classes_;
    for (std::size_t c = 0; c < x_.size(); ++c) {
      const W factor = share * weight(c);
      const bool dropped = weight(c) == W(0);
      if (!by_x.empty()) by_x[c] = dropped ? T{0} : narrow<T>(factor * slope(c));
      if (!by_t.empty()) by_t[c] = dropped ? T{0} : narrow<T>(-(factor * widen(x_[c])));
      if (by_weight_.wanted()) by_weight_.add(c, share * loss(c));
    }
  }

  void finish(const W&, const row_wise::Cotangent<T>&) const { by_weight_.write(); }

 private:
  [[nodiscard]] W weight(std::size_t c) const { return weights_ == nullptr ? W(1) : widen(weights_[c]); }
  /// NaN outside [0, 1].
  [[nodiscard]] W target(std::size_t c) const {
    return t_[c] >= 0 && t_[c] <= 1 ? widen(t_[c]) : row_wise::not_a_number<W>();
  }
  [[nodiscard]] W loss(std::size_t c) const {
    const W size = abs(widen(x_[c])), coefficient = x_[c] > 0 ? W(1) - target(c) : target(c);
    const W common = log1p(exp(-size));
    return coefficient == W(0) ? common : coefficient * size + common;
  }
  [[nodiscard]] W slope(std::size_t c) const {
    const W t = target(c), rest = W(1) - t, size = abs(widen(x_[c])), q = exp(-size);
    const bool right = x_[c] > 0;
    if (size < W(1)) return ((rest - t) + (right ? -t : rest) * expm1(-size)) / (W(1) + q);
    const W larger = W(1) / (W(1) + q), smaller = q * larger;
    return rest * (right ? larger : smaller) - t * (right ? smaller : larger);
  }

  const Call<T>& call_;
  W classes_;
  const T* weights_;
  ClassTallies<T> by_weight_;
  std::span<const T> x_, t_;
};

}  // namespace assay

#endif

ASSAY_KERNEL(MultilabelSoftMargin)
