#include "losses/catalogue/divergence.hpp"
#include "losses/row_wise_kernel.hpp"

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

/// Every column is its own term, no less than 0, and log(p/m)/2 its derivative by p: p/m + q/m = 2 whatever p
/// is.
template <class T>
class JsDivergenceRow {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  JsDivergenceRow(const JsDivergence&, const Call<T>& call) : call_(call) {}

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

}  // namespace

ASSAY_ROW_WISE(JsDivergence, JsDivergenceRow)

}  // namespace assay
