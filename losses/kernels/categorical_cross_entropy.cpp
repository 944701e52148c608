#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/rows/row_terms-inl.hpp"

ASSAY_BEGIN

/// -t log p, by p -t/p, by t -log p, for 0 < p <= 1; t = 0 drops its term where p = 0, too. The rest is for
/// others.
template <>
struct RowTerm<CategoricalCrossEntropy> {
  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& p, const X& t) const {
    const X zero = 0, one = 1;
    const auto some = p > zero;
    const auto q = select(some, p, one);
    const auto log_q = short_log(q);
    const auto holds = between(0, p, 1) & between(0, t, 1) & (some | (t == zero));
    return {-(t * log_q), {-(t / q), -log_q}, holds, {certain<X>(), some}};
  }
};

ASSAY_END

#if HWY_ONCE

#include "losses/catalogue/classification.hpp"

namespace assay {

/// -sum t log p: no term is negative; t = 0 drops its term, whatever p is, and p = 0 makes it +inf.
template <class T>
class Row<CategoricalCrossEntropy, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  Row(const CategoricalCrossEntropy&, const Call<T>& call) : call_(call) {}

  W value(std::int64_t i) const {
    const std::span<const T> p = row_wise::row(call_.inputs[0], i), t = row_wise::row(call_.inputs[1], i);
    Sum<W> sum;
    for (std::size_t c = 0; c < p.size(); ++c)
      if (t[c] != 0) sum.add(widen(t[c]) * -log(widen(p[c])));
    return sum.total();
  }

  /// -t/p by p, -log p by t; at p = 0, of either sign, from within the domain.
  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<const T> p = row_wise::row(call_.inputs[0], i), t = row_wise::row(call_.inputs[1], i);
    const std::span<T> by_p = row_wise::gradient_row(call_, 0, i), by_t = row_wise::gradient_row(call_, 1, i);
    for (std::size_t c = 0; c < by_p.size(); ++c)
      by_p[c] = t[c] == 0 ? T{0} : narrow<T>(cotangent * -(widen(t[c]) / abs(widen(p[c]))));
    for (std::size_t c = 0; c < by_t.size(); ++c) by_t[c] = narrow<T>(cotangent * -log(widen(p[c])));
  }

 private:
  const Call<T>& call_;
};

}  // namespace assay

#endif

ASSAY_KERNEL(CategoricalCrossEntropy)
