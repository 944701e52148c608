#define ASSAY_KERNEL "losses/kernels/focal_with_logits.cpp"
#include "losses/shapes/logits/logit_rows.hpp"

ASSAY_LOGIT_ROWS(focal)

#if HWY_ONCE

#include <algorithm>

#include "losses/catalogue/multiclass.hpp"
#include "losses/shapes/logits/logit_row.hpp"
#include "losses/shapes/rows/class_tallies.hpp"
#include "losses/shapes/rows/labels.hpp"
#include "losses/shapes/rows/row_wise_kernel.hpp"

namespace assay {
namespace {

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
class FocalRow {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  FocalRow(const FocalWithLogits& loss, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call),
        labels_(call.inputs[1], call.inputs[0].extent[1]),
        gamma_(widen(static_cast<T>(loss.gamma))),
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

/// In lanes up to gamma = 2^10, with which r^gamma is still good to 2^-61 (f64) or 2^-39 (f32).
template <class T>
void focal(const FocalWithLogits& loss, const Call<T>& call) {
  using Loss = FocalWithLogits;
  RowPlan<T> plan{call, call.inputs[0].extent[0], call.inputs[0].extent[1], &loss};
  plan.slow = [](const RowPlan<T>& p, std::int64_t i) {
    row_wise::Scratch none;
    return slow_row(p, FocalRow<T>(*static_cast<const Loss*>(p.loss), p.call, none), i);
  };
  const LogitTerms terms{.weighted = call.inputs[2].present(),
                         .gamma = static_cast<double>(static_cast<T>(loss.gamma))};
  const bool lanes = call.gradient[2] == nullptr && terms.gamma >= 0 && terms.gamma <= 0x1p10;
  if (!lanes || !set_divisor(plan, Quad(static_cast<double>(plan.rows))) ||
      !sum_of_rows(plan, in_lanes(call), &terms))
    row_wise::compute<FocalRow<T>>(loss, call);
}

}  // namespace

template <>
std::size_t workspace_bytes(const FocalWithLogits& loss, const Call<float>& call) {
  return row_wise::workspace<FocalRow<float>>(loss, call);
}
template <>
std::size_t workspace_bytes(const FocalWithLogits& loss, const Call<double>& call) {
  return row_wise::workspace<FocalRow<double>>(loss, call);
}
template <>
void evaluate(const FocalWithLogits& loss, const Call<float>& call) {
  focal(loss, call);
}
template <>
void evaluate(const FocalWithLogits& loss, const Call<double>& call) {
  focal(loss, call);
}

}  // namespace assay

#endif
