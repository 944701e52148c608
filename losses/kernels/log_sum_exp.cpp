#include "losses/catalogue/activation.hpp"
#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/logits/logits-inl.hpp"

ASSAY_BEGIN

/// m + log1p(others), of which few digits must leave half of the logarithm. The gradient is the softmax.
template <class T>
class LogitTerms<LogSumExp, T> {
 public:
  using Rows = LogitRows<T>;
  using Number = typename Rows::Number;

  /// Of a sum of values with few digits a half must be left.
  static constexpr double cancelling = in_double<T> ? 0x1p13 : 0x1p17;

  HWY_INLINE LogitTerms(const LogSumExp&, const RowPlan<T>&) {}

  [[nodiscard]] HWY_INLINE DigitsTried digits(const Rows&) const { return {Digits::few, Digits::many}; }
  template <Digits digits>
  [[nodiscard]] HWY_INLINE Vouched<Number> value(const Rows& rows, std::size_t g) const {
    const Number log_total = rows.template log_total<digits>(g);
    const Number value = exactly<Number>(rows.maximum(g)) + log_total;
    if constexpr (digits == Digits::few) return {value, abs(leading(value)) >= half(leading(log_total))};
    return {value, survives(value, log_total)};
  }
  template <Digits digits>
  HWY_INLINE unsigned write_gradient(Rows& rows, T* out) const {
    return rows.template write_shares<digits>(out, rows.scales());
  }
};

ASSAY_END

#if HWY_ONCE

#include "losses/shapes/logits/logit_row.hpp"

namespace assay {

/// m + log1p(others): near its zeros the two terms cancel, to no worse than the rounding of m, which the
/// inputs themselves carry. The gradient is the softmax.
template <class T>
class Row<LogSumExp, T> {
 public:
  static constexpr std::size_t row_inputs = 1;

  Row(const LogSumExp&, const Call<T>& call) : call_(call) {}

  Wide<T> value(std::int64_t i) {
    row_ = LogitRow<T>(row_wise::row(call_.inputs[0], i));
    return row_.log_sum();
  }

  void adjoint(std::int64_t i, const Wide<T>& cotangent) const {
    const std::span<T> gradient = row_wise::gradient_row(call_, 0, i);
    for (std::size_t c = 0; c < gradient.size(); ++c) gradient[c] = narrow<T>(cotangent * row_.share(c));
  }

 private:
  const Call<T>& call_;
  LogitRow<T> row_;
};

}  // namespace assay

#endif

ASSAY_KERNEL(LogSumExp)
