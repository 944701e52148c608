// A weighted sum of directions, and what of it stands across a vector: gradients of cosines consist of that.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "losses/numbers/direction.hpp"
#include "losses/numbers/quad.hpp"

namespace assay {

/// A number close to a whole multiple of another: candidates on two ends of an axis leave no more than what
/// they lack to it.
template <class W>
struct Parts {
  W whole{0}, rest{0};
  Parts operator-(const Parts& other) const { return {whole - other.whole, rest - other.rest}; }
};

/// A sum of parts with weights that have two parts themselves, the first ones alike. Products are summed by
/// kind: where the large ones undo each other the small ones are still there.
template <class W>
class PartsSum {
 public:
  void add(const W& alike, const W& apart, const Parts<W>& u) {
    sums_[0].add(alike * u.whole);
    sums_[1].add(alike * u.rest);
    sums_[2].add(apart * u.whole);
    sums_[3].add(apart * u.rest);
  }
  [[nodiscard]] W total() const {
    return (sums_[0].total() + sums_[2].total()) + (sums_[1].total() + sums_[3].total());
  }

 private:
  std::array<Sum<W>, 4> sums_;
};

/// With t the largest component of x,
///   cross(y)_d = (x_t y_d - x_d y_t)/|y|
/// is linear in y's direction and loses what y has along x, exactly: the products of machine numbers are
/// exact, and parallel rows leave 0. A weighted sum u of directions has the sum S of their cross products, u
/// = (u_t x
/// + S)/x_t, so that what of u stands across x is (S - (S x/x x) x)/x_t. It is found from what it consists
/// of: directions close to that of x are not subtracted from it.
template <class T>
class CrossProduct {
 public:
  using W = Wide<T>;

  CrossProduct() = default;
  CrossProduct(std::span<const T> x, const Length<W>& length) : x_(x), length_(length) {
    if (!x_.empty()) top_ = widen(x_[length_.top]);
  }

  /// Component d; 0 for a row of zeros. A y close to an axis is 1 on it but for what it lacks: that one is
  /// the `whole`, unless x is close to the same axis and takes it away.
  [[nodiscard]] Parts<W> operator()(std::span<const T> y, const Length<W>& y_length, std::size_t d) const {
    const std::size_t t = length_.top;
    if (d == t || y_length.length == W(0)) return {};
    const W u = top_ * widen(y[d]), v = widen(x_[d]) * widen(y[t]), both = u - v;
    const bool kept = abs(both) > ldexp(abs(u) + abs(v), -8);
    if (kept && y_length.top == d) {
      const Direction<W> on(y_length, d, widen(y[d]));
      return {top_ * on.sign, -(top_ * on.sign * on.lack + v / y_length.length)};
    }
    if (kept && y_length.top == t) {
      const Direction<W> on(y_length, t, widen(y[t]));
      return {-(widen(x_[d]) * on.sign), u / y_length.length + widen(x_[d]) * on.sign * on.lack};
    }
    return {W(0), both / y_length.length};
  }

  /// Calls write(d, what stands across x at d, over x's length) for a `sum` of cross products. A row of zeros
  /// has no direction; its derivative is not checked.
  template <class Write>
  void each_across(std::span<const W> sum, const Write& write) const {
    Sum<W> products;
    for (std::size_t d = 0; d < sum.size(); ++d) products.add(sum[d] * widen(x_[d]));
    const W along = products.total() / (length_.others + square(top_));
    for (std::size_t d = 0; d < sum.size(); ++d)
      write(d, length_.length == W(0) ? W(0) : (sum[d] - along * widen(x_[d])) / (top_ * length_.length));
  }

 private:
  std::span<const T> x_;
  Length<W> length_;
  W top_{0};
};

}  // namespace assay
