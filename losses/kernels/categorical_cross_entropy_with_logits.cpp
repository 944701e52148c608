#define ASSAY_KERNEL "losses/kernels/categorical_cross_entropy_with_logits.cpp"
#include "losses/shapes/logits/logit_rows.hpp"

ASSAY_LOGIT_ROWS(targets)

#if HWY_ONCE

#include "losses/catalogue/classification.hpp"
#include "losses/shapes/logits/soft_target.hpp"

namespace assay {
namespace {

/// sum_c t'_c (-log p_c) with t' = (1-s) t + s/C.
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
    surprise_ = weighted_surprise(row_, [&](std::size_t c) { return kept_ * target(c) + floor_; });
    return surprise_.value;
  }
  [[nodiscard]] bool undetermined() const { return surprise_.undetermined; }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<T> by_x = row_wise::gradient_row(call_, 0, i), by_t = row_wise::gradient_row(call_, 1, i);
    if (!by_x.empty()) {
      const TargetTotal<W> total(t_.size(), [&](std::size_t c) { return target(c); });
      const bool dropped = !total.any() && smoothing_ == W(0);
      for (std::size_t c = 0; c < by_x.size(); ++c)
        by_x[c] = dropped ? T{0}
                          : narrow<T>(cotangent * row_.slope(c, target(c), total.without(c, target(c)), kept_,
                                                             smoothing_));
    }
    for (std::size_t c = 0; c < by_t.size(); ++c)
      by_t[c] = kept_ == W(0) ? T{0} : narrow<T>(cotangent * kept_ * row_.surprise(c));
  }

 private:
  /// t_c, which a share of 0 drops, NaN included.
  [[nodiscard]] W target(std::size_t c) const { return kept_ == W(0) ? W(0) : widen(t_[c]); }

  const Call<T>& call_;
  W smoothing_, kept_, floor_;
  LogitRow<T> row_;
  Surprise<W> surprise_{};
  std::span<const T> t_;
};

}  // namespace

namespace {

template <class T>
void categorical(const CategoricalCrossEntropyWithLogits& loss, const Call<T>& call) {
  using Loss = CategoricalCrossEntropyWithLogits;
  RowPlan<T> plan{call, call.inputs[0].extent[0], call.inputs[0].extent[1], &loss};
  plan.slow = [](const RowPlan<T>& p, std::int64_t i) {
    return slow_row(p, CategoricalRow<T>(*static_cast<const Loss*>(p.loss), p.call), i);
  };
  const LogitTerms terms = smoothed<T>(loss.label_smoothing, plan.width);
  const bool lanes = call.gradient[1] == nullptr && terms.kept.hi > 0;
  if (!lanes || !set_divisor(plan, Quad(static_cast<double>(plan.rows))) ||
      !sum_of_rows(plan, in_lanes(call), &terms))
    row_wise::run(call, CategoricalRow<T>(loss, call));
}

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
  categorical(loss, call);
}
template <>
void evaluate(const CategoricalCrossEntropyWithLogits& loss, const Call<double>& call) {
  categorical(loss, call);
}

}  // namespace assay

#endif
