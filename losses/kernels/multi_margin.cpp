#include <algorithm>

#include "losses/catalogue/multiclass_margin.hpp"
#include "losses/numbers/sum_of_three.hpp"
#include "losses/shapes/rows/class_tallies.hpp"
#include "losses/shapes/rows/labels.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// (w_y/C) sum_{j != y} max(0, h_j)^p with h_j = margin - x_y + x_j, which loses nothing (sum_of_three.hpp).
/// No term is negative. A kink h_j = 0 belongs to the flat side.
///
/// Limits: h_j = +-inf. Where x_y and x_j are the same infinity h_j has none, but its term is not negative,
/// so that another infinite one settles the sum.
template <class T>
class Row<MultiMargin, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  Row(const MultiMargin& loss, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call),
        labels_(call.inputs[1], call.inputs[0].extent[1]),
        squared_(loss.p == 2),
        margin_(W(loss.margin)),
        classes_(static_cast<double>(call.inputs[0].extent[1])),
        weights_(call.inputs[2].real),
        by_weight_(call, 2, scratch) {}

  W value(std::int64_t i) {
    undetermined_ = false;
    sum_ = row_wise::not_a_number<W>();
    if (!labels_.known(i)) return sum_;
    x_ = row_wise::row(call_.inputs[0], i);
    y_ = labels_[i];
    weight_ = weights_ == nullptr ? W(1) : widen(weights_[y_]);
    Sum<W> sum;
    bool infinite = false, has_nan = false;
    for (std::size_t j = 0; j < x_.size(); ++j) {
      if (j == y_) continue;
      const W h = excess(j);
      has_nan = has_nan || std::isnan(x_[j]) || std::isnan(x_[y_]);
      undetermined_ = undetermined_ || is_nan(h);
      infinite = infinite || h == row_wise::infinite<W>();
      if (h > W(0)) sum.add(squared_ ? square(h) : h);
    }
    if (has_nan)
      sum_ = row_wise::not_a_number<W>();
    else if (infinite)
      sum_ = row_wise::infinite<W>();
    else if (!undetermined_)
      sum_ = sum.total();
    undetermined_ = undetermined_ && !has_nan && !infinite && weight_ > W(0);
    return weight_ == W(0) ? W(0) : weight_ * sum_ / classes_;
  }
  [[nodiscard]] bool undetermined() const { return undetermined_; }

  void adjoint(std::int64_t i, const W& cotangent) {
    const std::span<T> by_x = row_wise::gradient_row(call_, 0, i);
    if (!labels_.known(i)) {
      std::ranges::fill(by_x, std::numeric_limits<T>::quiet_NaN());
      return;
    }
    by_weight_.add(y_, cotangent * (sum_ / classes_));
    if (by_x.empty()) return;
    std::ranges::fill(by_x, T{0});
    if (weight_ == W(0)) return;
    const W factor = cotangent * weight_ / classes_;
    Sum<W> all;
    for (std::size_t j = 0; j < x_.size(); ++j) {
      if (j == y_) continue;
      const W slope = slope_at(excess(j));
      all.add(slope);
      by_x[j] = narrow<T>(factor * slope);
    }
    by_x[y_] = narrow<T>(-(factor * all.total()));
  }

  void finish(const W&, const row_wise::Cotangent<T>&) const { by_weight_.write(); }

 private:
  [[nodiscard]] W excess(std::size_t j) const { return sum_of_three(margin_, -widen(x_[y_]), widen(x_[j])); }
  [[nodiscard]] W slope_at(const W& h) const {
    if (h > W(0)) return squared_ ? W(2) * h : W(1);
    return h <= W(0) ? W(0) : h;  // NaN is itself
  }

  const Call<T>& call_;
  Labels labels_;
  bool squared_;
  W margin_, classes_;
  const T* weights_;
  ClassTallies<T> by_weight_;
  std::span<const T> x_;
  std::size_t y_ = 0;
  W weight_{1}, sum_{0};
  bool undetermined_ = false;
};

}  // namespace assay

ASSAY_KERNEL(MultiMargin)
