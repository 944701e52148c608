#include "losses/catalogue/multiclass.hpp"
#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/logits/logits-inl.hpp"

ASSAY_BEGIN

/// With s = -log p_y and r = 1 - p_y the value r^gamma s, and what it multiplies the slopes of s with,
/// r^gamma (1 + gamma p s/r). r^gamma = e^(gamma log r) has gamma times the error of r, and the error of
/// gamma log r, which is at most 600 2^-73 in f64 and 700 2^-50 in f32. Few digits are for values with gamma
/// <= 2, whose power is then good to 2^-55.2 (f64) or 2^-35.2 (f32). A Real's exponential ends at e^-700,
/// which no factor makes a float.
template <class T>
class LogitTerms<FocalWithLogits, T> {
 public:
  using Rows = LogitRows<T>;
  using Number = typename Rows::Number;

  /// Up to gamma = 2^10, with which r^gamma is still good to 2^-61 (f64) or 2^-39 (f32).
  static bool answers(const FocalWithLogits& loss, const RowPlan<T>& plan) {
    return plan.call.gradient[2] == nullptr && loss.gamma >= 0 && loss.gamma <= 0x1p10;
  }

  HWY_INLINE LogitTerms(const FocalWithLogits& loss, const RowPlan<T>& plan)
      : labels_(plan, plan.call.inputs[2].real),
        gamma_(loss.gamma),
        slopes_(plan.call.gradient[0] != nullptr) {}

  HWY_INLINE unsigned look(const Rows& rows) { return labels_.look(rows); }
  [[nodiscard]] HWY_INLINE DigitsTried digits(const Rows&) const {
    const Digits tried = !slopes_ && gamma_ <= 2 ? Digits::few : Digits::many;
    return {tried, tried};
  }
  template <Digits digits>
  HWY_INLINE Vouched<Number> value(const Rows& rows, std::size_t g) {
    const auto [distance, holds] = labels_.distance(rows, g);
    const auto [p, r] = labels_.template shares<digits>(rows, g);
    const Number s = distance + rows.template log_total<digits>(g), gamma = exactly<Number>(gamma_);
    const Number exponent = gamma * log(r), power = exp(exponent), value = power * s;
    factor_.set(g, power * (exactly<Number>(1.0) + gamma * p * s / r));
    Condition known = holds & (leading(r) > Real(0x1p-900));
    if constexpr (Rows::two_words)
      known = known & (leading(exponent) >= Real(-600.0)) & (leading(value) > Real(0x1p-900));
    return {labels_.weighted(value, g), known};
  }
  template <Digits digits>
  HWY_INLINE unsigned write_gradient(Rows& rows, T* out) const {
    return labels_.template write_slopes<digits>(rows, out, labels_.scales(rows, factor_));
  }

 private:
  LabelledRows<T> labels_;
  double gamma_;
  bool slopes_;
  Sixteen<Number> factor_;
};

ASSAY_END

#if HWY_ONCE

#include <algorithm>

#include "losses/shapes/logits/logit_row.hpp"
#include "losses/shapes/rows/class_tallies.hpp"
#include "losses/shapes/rows/labels.hpp"

namespace assay {

/// w r^gamma s with r = 1 - p_y and s = -log p_y. By x_y it is -w r^gamma (gamma p s + r), by another x_k the
/// same without its sign times p_k / r, the share of k among the others: products and sums of numbers that
/// are not negative, and no power of r below gamma, which would not be finite at r = 0.
///
/// r^gamma = e^(gamma log r), with log(1-p) where p is the smaller: a power of many digits is moved by the
/// last one of its base. The exponent is below 3000 in size wherever a result is left, so that it costs 12
/// bits of Wide.
///
/// Limits: p = 1 has r = s = 0; p = 0 has r = 1, s = +inf and p s = 0. Where p has no limit, the value is
/// some number that is not negative.
template <class T>
class Row<FocalWithLogits, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  Row(const FocalWithLogits& loss, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call),
        labels_(call.inputs[1], call.inputs[0].extent[1]),
        gamma_(W(loss.gamma)),
        weights_(call.inputs[2].real),
        by_weight_(call, 2, scratch) {}

  W value(std::int64_t i) {
    loss_ = row_wise::not_a_number<W>();
    undetermined_ = false;
    if (!labels_.known(i)) return loss_;
    y_ = labels_[i];
    weight_ = weights_ == nullptr ? W(1) : widen(weights_[y_]);
    row_ = LogitRow<T>(row_wise::row(call_.inputs[0], i));
    p_ = row_.share(y_);
    rest_ = row_.complement(y_);
    factor_ = power(p_, rest_);
    loss_ = rest_ == W(0) ? W(0) : factor_ * row_.surprise(y_);
    undetermined_ = row_.undetermined(y_) && weight_ > W(0);
    return weight_ == W(0) ? W(0) : weight_ * loss_;
  }
  [[nodiscard]] bool undetermined() const { return undetermined_; }

  void adjoint(std::int64_t i, const W& cotangent) {
    const std::span<T> by_x = row_wise::gradient_row(call_, 0, i);
    if (!labels_.known(i)) {
      std::ranges::fill(by_x, std::numeric_limits<T>::quiet_NaN());
      return;
    }
    by_weight_.add(y_, cotangent * loss_);
    if (by_x.empty()) return;
    std::ranges::fill(by_x, T{0});
    if (weight_ == W(0) || rest_ == W(0)) return;
    const W attention = p_ == W(0) ? W(0) : gamma_ * p_ * row_.surprise(y_);
    const W slope = cotangent * weight_ * factor_ * (attention + rest_);
    for (std::size_t k = 0; k < by_x.size(); ++k)
      by_x[k] = narrow<T>(k == y_ ? -slope : slope * (row_.share(k) / rest_));
  }

  void finish(const W&, const row_wise::Cotangent<T>&) const { by_weight_.write(); }

 private:
  [[nodiscard]] W power(const W& p, const W& rest) const {
    if (gamma_ == W(0)) return is_nan(rest) ? rest : W(1);
    return exp(gamma_ * (p < W(.5) ? log1p(-p) : log(rest)));
  }

  const Call<T>& call_;
  Labels labels_;
  W gamma_;
  const T* weights_;
  ClassTallies<T> by_weight_;
  LogitRow<T> row_;
  std::size_t y_ = 0;
  W weight_{1}, p_{0}, rest_{0}, factor_{0}, loss_{0};
  bool undetermined_ = false;
};

}  // namespace assay

#endif

ASSAY_KERNEL(FocalWithLogits)
