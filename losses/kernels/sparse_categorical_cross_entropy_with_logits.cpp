#define ASSAY_KERNEL "losses/kernels/sparse_categorical_cross_entropy_with_logits.cpp"
#include "losses/shapes/logits/logit_rows.hpp"

ASSAY_LOGIT_ROWS(labels)

#if HWY_ONCE

#include "losses/catalogue/classification.hpp"
#include "losses/shapes/logits/soft_target.hpp"
#include "losses/shapes/rows/class_weight.hpp"

namespace assay {
namespace {

/// (1-s) w_y (-log p_y) + (s/C) sum_c w_c (-log p_c): a soft target t'_c = (1-s) w_y [c = y] + (s/C) w_c.
template <class T>
class SparseRow {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  SparseRow(const SparseCategoricalCrossEntropyWithLogits& loss, const Call<T>& call,
            row_wise::Scratch& scratch)
      : call_(call),
        ignore_(loss.ignore_index),
        smoothing_(widen(static_cast<T>(loss.label_smoothing))),
        kept_(W(1) - smoothing_),
        floor_(smoothing_ / W(static_cast<double>(call.inputs[0].extent[1]))),
        weights_(call.inputs[2].real),
        weight_gradient_(call, scratch) {}

  [[nodiscard]] bool kept(std::int64_t i) const { return label(i) != ignore_; }
  [[nodiscard]] W mean_weight(std::int64_t i) const {
    return in_range(i) ? weight(static_cast<std::size_t>(label(i))) : row_wise::not_a_number<W>();
  }

  W value(std::int64_t i) {
    surprise_ = {row_wise::not_a_number<W>()};
    if (!in_range(i)) return surprise_.value;
    y_ = static_cast<std::size_t>(label(i));
    row_ = LogitRow<T>(row_wise::row(call_.inputs[0], i));
    surprise_ = weighted_surprise(row_, [this](std::size_t c) { return target(c); });
    return surprise_.value;
  }
  [[nodiscard]] bool undetermined() const { return surprise_.undetermined; }

  void adjoint(std::int64_t i, const W& cotangent) {
    const std::span<T> by_x = row_wise::gradient_row(call_, 0, i);
    if (!in_range(i)) {
      for (T& each : by_x) each = std::numeric_limits<T>::quiet_NaN();
      return;
    }
    if (!by_x.empty() && weights_ == nullptr) {
      for (std::size_t c = 0; c < by_x.size(); ++c)
        by_x[c] =
            narrow<T>(cotangent * row_.slope(c, W(c == y_ ? 1 : 0), W(c == y_ ? 0 : 1), kept_, smoothing_));
    } else if (!by_x.empty()) {
      const TargetTotal<W> total(row_.size(), [this](std::size_t c) { return target(c); });
      for (std::size_t c = 0; c < by_x.size(); ++c)
        by_x[c] =
            total.any()
                ? narrow<T>(cotangent * row_.slope(c, target(c), total.without(c, target(c)), W(1), W(0)))
                : T{0};
    }
    weight_gradient_.add(row_, y_, kept_, floor_, cotangent);
  }

  void finish(const W& divisor, const row_wise::Cotangent<T>& cotangent) {
    weight_gradient_.write(weights_, divisor, cotangent);
  }

 private:
  [[nodiscard]] std::int64_t label(std::int64_t i) const { return call_.inputs[1].integer[i]; }
  [[nodiscard]] bool in_range(std::int64_t i) const {
    return label(i) >= 0 && label(i) < call_.inputs[0].extent[1];
  }
  [[nodiscard]] W weight(std::size_t c) const { return weights_ == nullptr ? W(1) : widen(weights_[c]); }
  /// A share of 0, of the label or of the rest, drops its weight, NaN included.
  [[nodiscard]] W target(std::size_t c) const {
    W t = floor_ == W(0) ? W(0) : floor_ * weight(c);
    if (c == y_ && kept_ != W(0)) t += kept_ * weight(c);
    return t;
  }

  const Call<T>& call_;
  std::int64_t ignore_;
  W smoothing_, kept_, floor_;
  const T* weights_;
  ClassWeightGradient<T> weight_gradient_;
  LogitRow<T> row_;
  Surprise<W> surprise_{};
  std::size_t y_ = 0;
};

template <class T>
std::size_t workspace(const Call<T>& call) {
  row_wise::Scratch scratch;
  const ClassWeightGradient<T> counted(call, scratch);
  return scratch.bytes();
}

/// The mean divides by the weights of the rows that are kept.
template <class T>
Quad divisor(const SparseCategoricalCrossEntropyWithLogits& loss, const Call<T>& call, std::int64_t rows) {
  const std::int64_t* const labels = call.inputs[1].integer;
  const T* const weights = call.inputs[2].real;
  std::int64_t kept = 0;
  Sum<Quad> sum;
  for (std::int64_t i = 0; i < rows; ++i) {
    if (labels[i] == loss.ignore_index) continue;
    ++kept;
    if (labels[i] < 0 || labels[i] >= call.inputs[0].extent[1]) return row_wise::not_a_number<Quad>();
    if (weights != nullptr) sum.add(weights[labels[i]]);
  }
  const Quad total = weights == nullptr ? Quad(static_cast<double>(kept)) : sum.total();
  return total == 0 ? row_wise::not_a_number<Quad>() : total;
}

template <class T>
void sparse(const SparseCategoricalCrossEntropyWithLogits& loss, const Call<T>& call) {
  using Loss = SparseCategoricalCrossEntropyWithLogits;
  RowPlan<T> plan{call, call.inputs[0].extent[0], call.inputs[0].extent[1], &loss};
  plan.slow = [](const RowPlan<T>& p, std::int64_t i) {
    row_wise::Scratch none;
    return slow_row(p, SparseRow<T>(*static_cast<const Loss*>(p.loss), p.call, none), i);
  };
  LogitTerms terms = smoothed<T>(loss.label_smoothing, plan.width);
  terms.weighted = call.inputs[2].present();
  terms.ignored = loss.ignore_index;
  const bool simple = !terms.weighted || terms.floor.hi == 0;
  const bool lanes = simple && call.gradient[2] == nullptr && terms.kept.hi > 0 && plan.width > 0;
  const Quad mean_of = call.reduction == Reduction::mean && lanes ? divisor(loss, call, plan.rows) : Quad(1);
  if (lanes && set_divisor(plan, mean_of) && sum_of_rows(plan, in_lanes(call), &terms)) return;
  row_wise::Scratch scratch(call.workspace);
  row_wise::run(call, SparseRow<T>(loss, call, scratch));
}

}  // namespace

template <>
std::size_t workspace_bytes(const SparseCategoricalCrossEntropyWithLogits&, const Call<float>& call) {
  return workspace(call);
}
template <>
std::size_t workspace_bytes(const SparseCategoricalCrossEntropyWithLogits&, const Call<double>& call) {
  return workspace(call);
}
template <>
void evaluate(const SparseCategoricalCrossEntropyWithLogits& loss, const Call<float>& call) {
  sparse(loss, call);
}
template <>
void evaluate(const SparseCategoricalCrossEntropyWithLogits& loss, const Call<double>& call) {
  sparse(loss, call);
}

}  // namespace assay

#endif
