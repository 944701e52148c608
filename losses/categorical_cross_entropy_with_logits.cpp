#include "losses/catalogue/classification.hpp"
#include "losses/soft_target.hpp"

namespace assay {
namespace {

/// sum_c t'_c (-log p_c) with t' = (1-s) t + s/C. The gradient by the logits is the sum of two: that of (1-s) t,
/// inputs, and that of s/C, a constant, which has to be free of cancellation by itself (LogitRow).
template <class T>
class CategoricalRow {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  CategoricalRow(const CategoricalCrossEntropyWithLogits& loss, const Call<T>& call)
      : call_(call),
        smoothing_(widen(static_cast<T>(loss.label_smoothing))),
        kept_(W(1) - smoothing_),
        floor_(smoothing_ / W(static_cast<double>(call.inputs[0].extent[1]))) {}

  W value(std::int64_t i) {
    row_ = LogitRow<T>(row_wise::row(call_.inputs[0], i));
    t_ = row_wise::row(call_.inputs[1], i);
    return weighted_surprise(row_, [&](std::size_t c) { return scaled(c) + floor_; });
  }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<T> by_x = row_wise::gradient_row(call_, 0, i), by_t = row_wise::gradient_row(call_, 1, i);
    if (!by_x.empty()) {
      const TargetTotal<W> total(t_.size(), [&](std::size_t c) { return scaled(c); });
      for (std::size_t c = 0; c < by_x.size(); ++c) {
        W slope = 0;
        if (total.any()) slope += surprise_slope(row_, total, c, scaled(c));
        if (smoothing_ != W(0)) slope += smoothing_ * row_.share_less_constant(c, false, W(1));
        by_x[c] = total.any() || smoothing_ != W(0) ? narrow<T>(cotangent * slope) : T{0};
      }
    }
    for (std::size_t c = 0; c < by_t.size(); ++c)
      by_t[c] = kept_ == W(0) ? T{0} : narrow<T>(cotangent * kept_ * row_.surprise(c));
  }

 private:
  [[nodiscard]] W scaled(std::size_t c) const { return kept_ == W(0) || t_[c] == 0 ? W(0) : kept_ * widen(t_[c]); }

  const Call<T>& call_;
  W smoothing_, kept_, floor_;
  LogitRow<T> row_;
  std::span<const T> t_;
};

}  // namespace

template <>
std::size_t workspace_bytes(const CategoricalCrossEntropyWithLogits&, const Call<float>&) {
  return 0;
}
template <>
std::size_t workspace_bytes(const CategoricalCrossEntropyWithLogits&, const Call<double>&) {
  return 0;
}
template <>
void evaluate(const CategoricalCrossEntropyWithLogits& loss, const Call<float>& call) {
  row_wise::run(call, CategoricalRow<float>(loss, call));
}
template <>
void evaluate(const CategoricalCrossEntropyWithLogits& loss, const Call<double>& call) {
  row_wise::run(call, CategoricalRow<double>(loss, call));
}

}  // namespace assay
