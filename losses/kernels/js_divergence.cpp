#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/rows/row_terms-inl.hpp"

ASSAY_BEGIN

/// (P log(P/M) + Q log(Q/M))/2, M = (P+Q)/2, by P log(P/M)/2, by Q log(Q/M)/2. With d = |P-Q|/(P+Q), of which
/// only the product with 1/(P+Q) is rounded, the larger is M (1+d) and the smaller M (1-d): log1p(d), and for
/// the other log(smaller/M), near d = 0 by its excess -d. Where d >= 1/8 their sum keeps a ninth of its
/// terms. Elsewhere it is
///   M/2 ((1+d) log(1+d) + (1-d) log(1-d)) = M/2 sum_{k>=1} z^k / (k (2k-1)), z = d^2 < 2^-6,
/// the first term in two words: what follows it is below z/380 and rounded to 2^-61 z, and what follows
/// the tenth is below 2^-67 z. P = Q = 0 has the slope log 2 / 2; where one of them is 0 its slope, -inf, is
/// for others.
template <>
struct RowTerm<JsDivergence> {
  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& p, const X& q) const {
    using Number = typename In<X>::Number;
    const X zero = 0, one = 1;
    const auto first = p > q;
    const X larger = select(first, p, q), smaller = select(first, q, p);
    const auto some = larger > zero, both = smaller > zero;
    const Number sum = select(some, Number(p + q), Number(one)), inverse = Number(one) / sum;
    const Number d = (larger - smaller) * inverse, ratio = twice(Number(smaller * inverse));
    const Number log_larger = log1p(d),
                 log_smaller = log_by_excess(select(both, ratio, Number(one)), only(both, -d));
    const Number apart = larger * log_larger + smaller * log_smaller;
    const Number value = half(select(leading(d) < Real(.125), half(sum) * series(square(d)), apart));
    const Number log_two =
        Constant<Number>::of(0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56);  // mpmath.log(2)
    const Number by_larger = half(select(some, log_larger, log_two)),
                 by_smaller = half(select(some, log_smaller, log_two));
    return {value,
            {select(first, by_larger, by_smaller), select(first, by_smaller, by_larger)},
            between(0, p, 1) & between(0, q, 1),
            {(p > zero) | !some, (q > zero) | !some}};
  }

 private:
  static constexpr double after_first[] = {1. / 6,  1. / 15,  1. / 28,  1. / 45, 1. / 66,
                                           1. / 91, 1. / 120, 1. / 153, 1. / 190};
  HWY_INLINE static Real series(Real z) { return fused(z * z, evaluate(after_first, z), z); }
  HWY_INLINE static Twin series(Twin z) {
    const Real rest = z.hi * z.hi * evaluate(after_first, z.hi);
    return fast_two_sum(z.hi, z.lo + rest);
  }
};

ASSAY_END

#if HWY_ONCE

#include "losses/catalogue/divergence.hpp"

namespace assay {
namespace {

/// One column, by d = (p-q)/(p+q): p = m (1+d), q = m (1-d), of which the larger and the smaller are at hand
/// without rounding. At p = q = 0 it is 0.
template <class W>
struct Middle {
  W p, q, m, d;

  Middle(const W& first, const W& second)
      : p(first),
        q(second),
        m((first + second) / W(2)),
        d(m == W(0) ? W(0) : (first - second) / (first + second)) {}

  /// log(x/m) for x = p or q and its d, which is -d for q. Near 0 the quotient's rounding would show. The
  /// slope of x log(x/m) at x = 0 stays log 2 as long as the other one is 0.
  [[nodiscard]] W logarithm(const W& x, const W& lead) const {
    if (m == W(0)) return ln_two<W>();
    return abs(lead) < W(.5) ? log1p(lead) : log(x / m);
  }
  /// (p log(p/m) + q log(q/m))/2 = m/2 ((1+d) log(1+d) + (1-d) log(1-d)) = m/2 (log(1-d^2) + d
  /// log((1+d)/(1-d))). For small d that is -d^2 + 2 d^2: two terms that keep a third of their digits' worth;
  /// the other form keeps no less where |d| >= 1/2.
  [[nodiscard]] W term() const {
    if (abs(d) < W(.5)) return m / W(2) * (log1p(-square(d)) + d * log1p(W(2) * d / (W(1) - d)));
    return (p == W(0) ? W(0) : p * log(p / m) / W(2)) + (q == W(0) ? W(0) : q * log(q / m) / W(2));
  }
};

}  // namespace

/// Every column is its own term, no less than 0, and log(p/m)/2 its derivative by p: p/m + q/m = 2 whatever p
/// is.
template <class T>
class Row<JsDivergence, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  Row(const JsDivergence&, const Call<T>& call) : call_(call) {}

  W value(std::int64_t i) const {
    const std::span<const T> p = row_wise::row(call_.inputs[0], i), q = row_wise::row(call_.inputs[1], i);
    Sum<W> sum;
    for (std::size_t c = 0; c < p.size(); ++c) sum.add(Middle<W>(widen(p[c]), widen(q[c])).term());
    return sum.total();
  }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<const T> p = row_wise::row(call_.inputs[0], i), q = row_wise::row(call_.inputs[1], i);
    const std::span<T> by_p = row_wise::gradient_row(call_, 0, i), by_q = row_wise::gradient_row(call_, 1, i);
    for (std::size_t c = 0; c < p.size(); ++c) {
      const Middle<W> middle(widen(p[c]), widen(q[c]));
      if (!by_p.empty()) by_p[c] = narrow<T>(cotangent * middle.logarithm(middle.p, middle.d) / W(2));
      if (!by_q.empty()) by_q[c] = narrow<T>(cotangent * middle.logarithm(middle.q, -middle.d) / W(2));
    }
  }

 private:
  const Call<T>& call_;
};

}  // namespace assay

#endif

ASSAY_KERNEL(JsDivergence)
