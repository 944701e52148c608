#include "losses/catalogue/classification.hpp"
#include "losses/shapes/kernel_in_lanes.hpp"
#include "losses/shapes/logits/smoothing.hpp"

#include "losses/shapes/logits/logits-inl.hpp"

ASSAY_BEGIN

/// kept (m - x_y) + floor sum (m - x_c) + log1p(others), with kept = 1 - s and floor = s/C of label
/// smoothing.
template <class T>
class LogitTerms<SparseCategoricalCrossEntropyWithLogits, T> {
 public:
  using Rows = LogitRows<T>;
  using Number = typename Rows::Number;

  /// Slopes by weights are left to others, and smoothing with weights.
  static bool answers(const SparseCategoricalCrossEntropyWithLogits& loss, const RowPlan<T>& plan) {
    const auto floor = [&] { return smoothed<T>(loss.label_smoothing, plan.width).floor.hi; };
    const bool simple = !plan.call.inputs[2].present() || floor() == 0;
    return simple && plan.call.gradient[2] == nullptr && loss.label_smoothing < 1;
  }

  HWY_INLINE LogitTerms(const SparseCategoricalCrossEntropyWithLogits& loss, const RowPlan<T>& plan)
      : labels_(plan, plan.call.inputs[2].real, loss.ignore_index),
        smoothing_(smoothed<T>(loss.label_smoothing, plan.width)),
        floored_(smoothing_.floor.hi != 0),
        slopes_(plan.call.gradient[0] != nullptr) {}

  HWY_INLINE unsigned look(Rows& rows) {
    return labels_.look(rows) | (floored_ ? rows.add_distances(distances_) : 0);
  }
  [[nodiscard]] HWY_INLINE DigitsTried digits(const Rows&) const {
    const Digits tried = slopes_ && floored_ ? Digits::many : Digits::few;
    return {tried, tried};
  }
  template <Digits digits>
  [[nodiscard]] HWY_INLINE Vouched<Number> value(const Rows& rows, std::size_t g) const {
    const auto [distance, holds] = labels_.distance(rows, g);
    const Number log_total = rows.template log_total<digits>(g);
    Number value = distance + log_total;
    if (floored_)
      value = constant<Number>(smoothing_.floor) * distances_.get(g) +
              constant<Number>(smoothing_.kept) * distance + log_total;
    return {labels_.weighted(value, g), holds};
  }
  /// More than few digits are for what has a floor.
  template <Digits digits>
  HWY_INLINE unsigned write_gradient(Rows& rows, T* out) const {
    const Sixteen<Number> scale = labels_.scales(rows);
    if constexpr (digits == Digits::few)
      return labels_.template write_slopes<digits>(rows, out, scale);
    else
      return write_smoothed<digits>(rows, out, scale);
  }

 private:
  /// p_c - floor, and by the label's own logit p - (kept + floor) = (C-1) floor - (1 - p): constants, but for
  /// p.
  template <Digits digits>
  HWY_NOINLINE unsigned write_smoothed(Rows& rows, T* out, const Sixteen<Number>& scale) const {
    Sixteen<Number> factor, floor, own;
    Condition holds[groups];
    for (std::size_t g = 0; g < groups; ++g) {
      factor.set(g, scale.get(g) / rows.total(g));
      floor.set(g, constant<Number>(smoothing_.floor) * scale.get(g));
      holds[g] = Rows::scale_holds(scale.get(g));
    }
    unsigned doubtful =
        rows.template write<digits>(out, holds, [&](std::size_t s, std::size_t g) ASSAY_IN_LOOP {
          const Number share = rows.exponential_at(s, g) * factor.get(g),
                       slope = difference(share, floor.get(g));
          return Vouched<Number>{slope, leaves<digits>(slope, floor.get(g)) & is_normal(slope)};
        });
    const Number others = exactly<Number>(static_cast<double>(rows.width() - 1));
    for (std::size_t g = 0; g < rows.registers(); ++g) {
      const Number lacks = labels_.template shares<digits>(rows, g).lacking;
      const Number left = lacks - constant<Number>(smoothing_.floor) * others;
      doubtful |= Rows::lacking(leaves<digits>(left, lacks), g);
      own.set(g, -(left * scale.get(g)));
    }
    labels_.write_own(rows, out, own);
    return doubtful;
  }
  template <Digits digits>
  HWY_INLINE static Condition leaves(Number difference, Number constant) {
    return abs(leading(difference)) >= abs(leading(constant)) * Real(Rows::template enough<digits>);
  }

  LabelledRows<T> labels_;
  Smoothing smoothing_;
  bool floored_, slopes_;
  Sixteen<Number> distances_;
};

ASSAY_END

#if HWY_ONCE

#include "losses/shapes/logits/class_weight.hpp"
#include "losses/shapes/logits/soft_target.hpp"

namespace assay {

/// (1-s) w_y (-log p_y) + (s/C) sum_c w_c (-log p_c): a soft target t'_c = (1-s) w_y [c = y] + (s/C) w_c.
template <class T>
class Row<SparseCategoricalCrossEntropyWithLogits, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  Row(const SparseCategoricalCrossEntropyWithLogits& loss, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call),
        ignore_(loss.ignore_index),
        smoothing_(W(loss.label_smoothing)),
        kept_(W(1) - smoothing_),
        floor_(smoothing_ / W(static_cast<double>(call.inputs[0].extent[1]))),
        weights_(call.inputs[2].real),
        weight_gradient_(call, scratch) {}

  /// The mean divides by the weights of the rows that are kept.
  static Quad divisor(const SparseCategoricalCrossEntropyWithLogits& loss, const Call<T>& call) {
    const std::int64_t* const labels = call.inputs[1].integer;
    const T* const weights = call.inputs[2].real;
    std::int64_t kept = 0;
    Sum<Quad> sum;
    for (std::int64_t i = 0; i < call.inputs[0].extent[0]; ++i) {
      if (labels[i] == loss.ignore_index) continue;
      ++kept;
      if (labels[i] < 0 || labels[i] >= call.inputs[0].extent[1]) return row_wise::not_a_number<Quad>();
      if (weights != nullptr) sum.add(weights[labels[i]]);
    }
    const Quad total = weights == nullptr ? Quad(static_cast<double>(kept)) : sum.total();
    return total == 0 ? row_wise::not_a_number<Quad>() : total;
  }

  /// What a row takes of the scratch.
  static void take(const Call<T>& call, row_wise::Scratch& scratch) {
    const ClassWeightGradient<T> counted(call, scratch);
  }

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

}  // namespace assay

#endif

ASSAY_KERNEL(SparseCategoricalCrossEntropyWithLogits)
