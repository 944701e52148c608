// Two rows and the angle between them, without the cancellation of 1 - cos for rows of almost one direction.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include "losses/numbers/direction.hpp"
#include "losses/numbers/quad.hpp"

namespace assay {

/// What stands across x in y, on the scale of y's length. With t the largest component of x,
///   x_t y_i - x_i y_t
/// is 0 for every i where the rows have one direction, and what it is has but one rounding: its products are
/// exact. The part of it along x is y's no more than the rest,
///   y = (y_t/x_t) x + (1/x_t) (x_t y - y_t x),
/// so that with e = x_t y - y_t x what stands across is (e - (e x/x x) x)/x_t.
template <class T>
class Across {
 public:
  using W = Wide<T>;

  Across() = default;
  Across(std::span<const T> x, const Length<W>& x_length, std::span<const T> y, const Length<W>& y_length)
      : x_(x), y_(y), top_(x_length.top) {
    Sum<W> along;
    for (std::size_t i = 0; i < x.size(); ++i) along.add(cross(i) * widen(x[i]));
    along_ = along.total();
    squares_ = x_length.others + square(widen(x[top_]));
    inverse_ = W(1) / (squares_ * widen(x[top_]) * y_length.length);
  }

  /// Component i, over the length of y.
  [[nodiscard]] W operator()(std::size_t i) const {
    return (cross(i) * squares_ - along_ * widen(x_[i])) * inverse_;
  }

 private:
  [[nodiscard]] W cross(std::size_t i) const {
    return widen(x_[top_]) * widen(y_[i]) - widen(x_[i]) * widen(y_[top_]);
  }

  std::span<const T> x_, y_;
  std::size_t top_ = 0;
  W along_{0}, squares_{0}, inverse_{1};
};

/// Calls write(i, d cos / d x_i), cos being that of the angle between x and y. A row of zeros has no
/// direction; the derivatives by it are not checked, and those by the other are 0.
template <class T, class Write>
void each_across_pair(std::span<const T> x, const Length<Wide<T>>& x_length, std::span<const T> y,
                      const Length<Wide<T>>& y_length, const Write& write) {
  using W = Wide<T>;
  if (x_length.length == W(0) || y_length.length == W(0)) {
    for (std::size_t i = 0; i < x.size(); ++i) write(i, W(0));
    return;
  }
  const Across<T> of_y(x, x_length, y, y_length);
  const W over_length = W(1) / x_length.length;
  for (std::size_t i = 0; i < x.size(); ++i) write(i, of_y(i) * over_length);
}

/// cos, sin, 1 - cos and 1 + cos of the angle between x and y, each to a few roundings of itself but for cos
/// near 0, and the derivatives of cos. With a row of zeros cos is 0, and its derivatives are not checked.
template <class T>
class Angle {
 public:
  using W = Wide<T>;

  Angle() = default;
  Angle(std::span<const T> x, std::span<const T> y)
      : x_length_(length(x)), y_length_(length(y)), undefined_(any_nan(x) || any_nan(y)) {
    known_ = !undefined_ && x_length_.length > W(0) && y_length_.length > W(0);
    if (!known_) return;
    of_y_ = Across<T>(x, x_length_, y, y_length_);
    of_x_ = Across<T>(y, y_length_, x, x_length_);
    Sum<W> product, squares;
    for (std::size_t i = 0; i < x.size(); ++i) {
      product.add(widen(x[i]) * widen(y[i]));
      squares.add(square(of_y_(i)));
    }
    cosine_ = product.total() / (x_length_.length * y_length_.length);
    // sin^2 = (1 - cos)(1 + cos), divided by the factor that does not cancel.
    sine_squared_ = squares.total();
    below_one_ = cosine_ > W(0) ? sine_squared_ / (W(1) + cosine_) : W(1) - cosine_;
    above_minus_one_ = cosine_ < W(0) ? sine_squared_ / (W(1) - cosine_) : W(1) + cosine_;
  }

  /// A NaN among the numbers; what is asked besides means nothing then.
  [[nodiscard]] bool undefined() const { return undefined_; }
  [[nodiscard]] W cosine() const { return cosine_; }
  /// 0 exactly for rows of one direction and for opposite ones.
  [[nodiscard]] W sine() const { return sqrt(sine_squared_); }
  [[nodiscard]] W one_minus_cosine() const { return below_one_; }
  /// cos - m, of the three forms the one in which the large part of cos drops out.
  [[nodiscard]] W cosine_less(const W& m) const {
    if (cosine_ > W(.5)) return (W(1) - m) - below_one_;
    if (cosine_ < W(-.5)) return above_minus_one_ - (W(1) + m);
    return cosine_ - m;
  }
  /// The derivative of cos by x_i: what stands across x in y's direction, over the length of x.
  [[nodiscard]] W by_x(std::size_t i) const { return known_ ? of_y_(i) / x_length_.length : W(0); }
  [[nodiscard]] W by_y(std::size_t i) const { return known_ ? of_x_(i) / y_length_.length : W(0); }

  /// `scale` times the derivatives, to rows that are empty where nobody asks.
  void write_slopes(const W& scale, std::span<T> by_first, std::span<T> by_second) const {
    for (std::size_t i = 0; i < by_first.size(); ++i) by_first[i] = narrow<T>(scale * by_x(i));
    for (std::size_t i = 0; i < by_second.size(); ++i) by_second[i] = narrow<T>(scale * by_y(i));
  }

 private:
  Length<W> x_length_, y_length_;
  bool undefined_ = false, known_ = false;
  Across<T> of_y_, of_x_;
  W cosine_{0}, sine_squared_{1}, below_one_{1}, above_minus_one_{1};
};

}  // namespace assay
