#include <algorithm>

#include "losses/catalogue/multiclass_margin.hpp"
#include "losses/numbers/sum_of_three.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// (1/C) sum over labels y and other classes j of max(0, h) with h = 1 - x_y + x_j, which loses
/// nothing (sum_of_three.hpp). No term is negative; the gradient counts those that are positive, h = 0
/// belongs to the flat side. A class that the list names n times counts n times.
///
/// Limits as in multi_margin.cpp: where x_y and x_j are the same infinity the term is some number that is not
/// negative, and another infinite one settles the sum.
template <class T>
class Row<MultilabelMargin, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  Row(const MultilabelMargin&, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call),
        classes_(static_cast<double>(call.inputs[0].extent[1])),
        times_(scratch.take<std::int64_t>(call.inputs[0].extent[1])) {}

  W value(std::int64_t i) {
    x_ = row_wise::row(call_.inputs[0], i);
    undetermined_ = false;
    known_ = count_labels(i);
    if (!known_) return row_wise::not_a_number<W>();
    Sum<W> sum;
    bool infinite = false, has_nan = false;
    for (std::size_t y = 0; y < x_.size(); ++y) {
      if (times_[y] == 0) continue;
      for (std::size_t j = 0; j < x_.size(); ++j) {
        if (times_[j] != 0) continue;
        const W h = excess(y, j);
        has_nan = has_nan || std::isnan(x_[y]) || std::isnan(x_[j]);
        undetermined_ = undetermined_ || is_nan(h);
        infinite = infinite || h == row_wise::infinite<W>();
        if (h > W(0)) sum.add(count(y) * h);
      }
    }
    undetermined_ = undetermined_ && !has_nan && !infinite;
    if (has_nan) return row_wise::not_a_number<W>();
    return infinite ? row_wise::infinite<W>() : sum.total() / classes_;
  }
  [[nodiscard]] bool undetermined() const { return undetermined_; }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<T> by_x = row_wise::gradient_row(call_, 0, i);
    for (std::size_t c = 0; c < by_x.size(); ++c) {
      W active(0);
      for (std::size_t k = 0; k < x_.size(); ++k) {
        if ((times_[k] == 0) == (times_[c] == 0)) continue;
        const W h = times_[c] == 0 ? excess(k, c) : excess(c, k);
        if (h <= W(0)) continue;
        const W step = h > W(0) ? W(1) : h;  // NaN is itself
        active += times_[c] == 0 ? count(k) * step : -(count(c) * step);
      }
      by_x[c] = known_ ? narrow<T>(cotangent * active / classes_) : std::numeric_limits<T>::quiet_NaN();
    }
  }

 private:
  /// How often the list names each class; false where it names what is none.
  bool count_labels(std::int64_t i) {
    const std::int64_t width = call_.inputs[0].extent[1];
    const std::int64_t* const list = call_.inputs[1].integer + i * width;
    std::ranges::fill(times_, std::int64_t{0});
    for (std::int64_t k = 0; k < width && list[k] != -1; ++k) {
      if (list[k] < 0 || list[k] >= width) return false;
      ++times_[static_cast<std::size_t>(list[k])];
    }
    return true;
  }
  [[nodiscard]] W excess(std::size_t y, std::size_t j) const {
    return sum_of_three(W(1), -widen(x_[y]), widen(x_[j]));
  }
  [[nodiscard]] W count(std::size_t c) const { return W(static_cast<double>(times_[c])); }

  const Call<T>& call_;
  W classes_;
  std::span<std::int64_t> times_;
  std::span<const T> x_;
  bool known_ = false, undetermined_ = false;
};

}  // namespace assay

ASSAY_KERNEL(MultilabelMargin)
