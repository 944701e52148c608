#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/rows/row_terms-inl.hpp"

ASSAY_BEGIN

/// P log(P/Q), by P log(P/Q) + 1, by Q -P/Q, for P and Q above 0; where P = 0 the term is 0. The rest is for
/// others.
template <>
struct RowTerm<KlDivergence> {
  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& p, const X& q) const {
    const X zero = 0, one = 1;
    const auto some = p > zero, safe = some & (q > zero);
    const X numerator = select(safe, p, one), denominator = select(q > zero, q, one);
    const auto ratio = log_quotient(numerator, select(safe, denominator, one));
    const auto by_p = ratio + one;
    const auto holds = between(0, p, 1) & between(0, q, 1) & (safe | (p == zero));
    return {p * ratio, {by_p, -(p / denominator)}, holds, {safe & survives(by_p, one), (q > zero) | !some}};
  }
};

ASSAY_END

#if HWY_ONCE

#include "losses/catalogue/divergence.hpp"

namespace assay {
namespace {

/// log(P/Q). Where they are within half of each other the quotient's rounding would show: P - Q is all there
/// is. log(0/0) counts as +inf, the one-sided slope of P log(P/0).
template <class W>
W log_ratio(const W& p, const W& q) {
  if (q == W(0) && !is_nan(p)) return row_wise::infinite<W>();
  const W excess = (p - q) / q;
  return abs(excess) < W(.5) ? log1p(excess) : log(p / q);
}

}  // namespace

/// sum P log(P/Q), with 0 log(0/Q) = 0 for every Q and P log(P/0) = +inf.
template <class T>
class Row<KlDivergence, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  Row(const KlDivergence&, const Call<T>& call) : call_(call) {}

  W value(std::int64_t i) const {
    const std::span<const T> p = row_wise::row(call_.inputs[0], i), q = row_wise::row(call_.inputs[1], i);
    Sum<W> sum;
    for (std::size_t c = 0; c < p.size(); ++c)
      if (p[c] != 0) sum.add(widen(p[c]) * log_ratio(widen(p[c]), widen(q[c])));
    return sum.total();
  }

  /// log(P/Q) + 1 by P, -P/Q by Q; at Q = 0, of either sign, from within the domain.
  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<const T> p = row_wise::row(call_.inputs[0], i), q = row_wise::row(call_.inputs[1], i);
    const std::span<T> by_p = row_wise::gradient_row(call_, 0, i), by_q = row_wise::gradient_row(call_, 1, i);
    for (std::size_t c = 0; c < by_p.size(); ++c)
      by_p[c] = narrow<T>(cotangent * (log_ratio(widen(p[c]), widen(q[c])) + W(1)));
    for (std::size_t c = 0; c < by_q.size(); ++c)
      by_q[c] = p[c] == 0 ? T{0} : narrow<T>(cotangent * -(widen(p[c]) / abs(widen(q[c]))));
  }

 private:
  const Call<T>& call_;
};

}  // namespace assay

#endif

ASSAY_KERNEL(KlDivergence)
