// Rows whose loss is 1 - K/(N + K): K counts what two sets share, N what they do not. The losses of Dice,
// Jaccard and Tversky differ in what a column adds to K and N.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// What one column adds to N and K, n and k, both no less than 0, and the derivatives by one of its numbers.
template <class W>
struct OverlapColumn {
  W apart, shared;              ///< n, k
  W apart_slope, shared_slope;  ///< n', k'
  W own;                        ///< k n' - n k'
};

/// n = a x (1-y) + b (1-x) y and k = c x y, by x. A column of `own` <= 0 and k' >= 0.
template <class W>
OverlapColumn<W> linear_column(const W& a, const W& b, const W& c, const W& x, const W& y) {
  return {a * x * (W(1) - y) + b * (W(1) - x) * y, c * x * y, a * (W(1) - y) - b * y, c * y,
          -(b * c) * square(y)};
}
/// The numerator of the derivative, from N and K without the column. Where n' K is positive and nearly as
/// large as the rest, moving y moves all three in one direction, each by no less than its size over y: what
/// cancels there the inputs do not determine.
template <class W>
W linear_numerator(const OverlapColumn<W>& column, const W& apart, const W& shared) {
  return shared * column.apart_slope - apart * column.shared_slope + column.own;
}

/// N/(N + K), with `smooth` in K: no term is negative, where 1 - K/(N + K) would cancel. 0/0 counts as 0, and
/// its gradient is not checked. The derivative by a number of column c is
///   (K n' - N k')/(N + K)^2 = (own + n' K_c - k' N_c)/(N + K)^2
/// with K_c and N_c the sums without the column; where it holds more than half of a sum the others are summed
/// anew, which is one column a sum at most. `Columns` has
///   W smooth
///   OverlapColumn<W> by_probability(p, g), by_target(p, g)
///   W numerator(column, N_c, K_c, x, y, each_other)   own + n' K_c - k' N_c; x is the number in question
template <class T, class Columns>
class OverlapRow {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  OverlapRow(const Columns& columns, const Call<T>& call) : columns_(columns), call_(call) {}

  W value(std::int64_t i) {
    p_ = row_wise::row(call_.inputs[0], i);
    g_ = row_wise::row(call_.inputs[1], i);
    all_ = sums_without(p_.size());
    whole_ = all_.apart + all_.shared;
    return whole_ == W(0) ? W(0) : all_.apart / whole_;
  }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const W scale = whole_ == W(0) ? W(0) : cotangent / square(whole_);
    const auto by_p = row_wise::gradient_row(call_, 0, i), by_g = row_wise::gradient_row(call_, 1, i);
    for (std::size_t c = 0; c < by_p.size(); ++c)
      by_p[c] = narrow<T>(scale * slope(columns_.by_probability(widen(p_[c]), widen(g_[c])), c, p_, g_));
    for (std::size_t c = 0; c < by_g.size(); ++c)
      by_g[c] = narrow<T>(scale * slope(columns_.by_target(widen(p_[c]), widen(g_[c])), c, g_, p_));
  }

 private:
  struct Sums {
    W apart{0}, shared{0};
  };

  /// N and K without column c; no column is left out where there is no such.
  [[nodiscard]] Sums sums_without(std::size_t c) const {
    Sum<W> apart, shared;
    shared.add(columns_.smooth);
    for (std::size_t k = 0; k < p_.size(); ++k) {
      if (k == c) continue;
      const OverlapColumn<W> column = columns_.by_probability(widen(p_[k]), widen(g_[k]));
      apart.add(column.apart);
      shared.add(column.shared);
    }
    return {apart.total(), shared.total()};
  }
  [[nodiscard]] W slope(const OverlapColumn<W>& column, std::size_t c, std::span<const T> x,
                        std::span<const T> y) const {
    Sums rest{all_.apart - column.apart, all_.shared - column.shared};
    if (column.apart > rest.apart || column.shared > rest.shared) rest = sums_without(c);
    return columns_.numerator(column, rest.apart, rest.shared, widen(x[c]), widen(y[c]),
                              [&](const auto& visit) {
                                for (std::size_t k = 0; k < x.size(); ++k)
                                  if (k != c) visit(widen(x[k]), widen(y[k]));
                              });
  }

  Columns columns_;
  const Call<T>& call_;
  std::span<const T> p_, g_;
  Sums all_;
  W whole_{0};
};

}  // namespace assay
