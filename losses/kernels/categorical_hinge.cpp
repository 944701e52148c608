#include <algorithm>

#include "losses/catalogue/multiclass_margin.hpp"
#include "losses/numbers/sum_of_three.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// max(0, h) with h = 1 - x_y + m, m the largest of the other scores; by x_y -1 and by those that are m
/// together 1, in equal shares, where h is positive; h = 0 belongs to the flat side. A row of one class has
/// no m: 0.
///
/// Limits: h = +-inf, unless m and x_y are the same infinity; then the value is some number that is not
/// negative, and what is below m still has a slope of 0. Several scores of +inf share in an order that nobody
/// knows.
template <class T>
class Row<CategoricalHinge, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  Row(const CategoricalHinge&, const Call<T>& call) : call_(call) {}

  W value(std::int64_t i) {
    read(row_wise::row(call_.inputs[0], i), row_wise::row(call_.inputs[1], i));
    return h_ <= W(0) ? W(0) : h_;
  }
  [[nodiscard]] bool undetermined() const { return undetermined_; }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<T> by_x = row_wise::gradient_row(call_, 0, i);
    if (by_x.empty()) return;
    const std::span<const T> x = row_wise::row(call_.inputs[0], i);
    const bool undefined = is_nan(h_) && !undetermined_;
    std::ranges::fill(by_x, undefined ? std::numeric_limits<T>::quiet_NaN() : T{0});
    if (undefined || h_ <= W(0)) return;
    const bool shared_infinity = at_largest_ > 1 && std::isinf(largest_);
    const W own = undetermined_ ? row_wise::not_a_number<W>() : cotangent,
            rivals = shared_infinity ? row_wise::not_a_number<W>() : own;
    for (std::size_t c = 0; c < x.size(); ++c)
      if (c != y_ && x[c] == largest_) by_x[c] = narrow<T>(rivals / W(static_cast<double>(at_largest_)));
    by_x[y_] = narrow<T>(-own);
  }

 private:
  void read(std::span<const T> x, std::span<const T> t) {
    h_ = row_wise::not_a_number<W>();
    undetermined_ = false;
    std::size_t ones = 0, zeros = 0;
    for (std::size_t c = 0; c < t.size(); ++c) {
      if (t[c] == 1) y_ = c;
      ones += t[c] == 1 ? 1 : 0;
      zeros += t[c] == 0 ? 1 : 0;
    }
    if (ones != 1 || zeros + 1 != t.size()) return;

    bool any = false, has_nan = std::isnan(x[y_]);
    at_largest_ = 0;
    for (std::size_t c = 0; c < x.size(); ++c) {
      if (c == y_) continue;
      has_nan = has_nan || std::isnan(x[c]);
      if (!any || x[c] > largest_) {
        largest_ = x[c];
        at_largest_ = 0;
      }
      any = true;
      at_largest_ += x[c] == largest_ ? 1 : 0;
    }
    if (has_nan) return;
    h_ = any ? sum_of_three(W(1), -widen(x[y_]), widen(largest_)) : W(0);
    undetermined_ = is_nan(h_);
  }

  const Call<T>& call_;
  std::size_t y_ = 0;
  T largest_ = 0;
  std::int64_t at_largest_ = 0;
  W h_{0};
  bool undetermined_ = false;
};

}  // namespace assay

ASSAY_KERNEL(CategoricalHinge)
