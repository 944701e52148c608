// A row of logits: its softmax, and -log of its softmax, in a form from which nothing is ever subtracted that
// is nearly equal, and with the limits at infinite logits.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

#include "losses/numbers/quad.hpp"

namespace assay {

/// With m the maximum, at `top`, and d_c = x_c - m, the classes with d_c > -1/2 are near, the others far:
///   sum_c e^{d_c} = near + (sum over near of expm1(d_c)) + (sum over far of e^{d_c}) = near + rest.
/// Counting the ones apart keeps what distinguishes two almost equal logits. `others` is that sum without the
/// maximum's own 1: with near = 1 it is the far sum itself, else (near - 1) + rest with rest >= -0.4 (near -
/// 1), so that it has no cancellation to speak of.
///
/// Infinite logits: where the maximum is infinite and unique, the row is that of its neighbours in the limit:
/// the top has everything, the others nothing. Where it is infinite and shared (by two +inf, or by all of at
/// least two -inf), the shares of those classes have no limit; that of any other class is 0.
template <class T>
class LogitRow {
 public:
  using W = Wide<T>;

  LogitRow() = default;
  explicit LogitRow(std::span<const T> x) : x_(x) {
    for (std::size_t c = 0; c < x.size(); ++c) {
      has_nan_ = has_nan_ || std::isnan(x[c]);
      if (x[c] > x[top_]) top_ = c;
    }
    if (has_nan_) return;
    maximum_ = x[top_];
    Sum<W> near_rest, far_rest;
    std::int64_t at_maximum = 0;
    for (std::size_t c = 0; c < x.size(); ++c) {
      at_maximum += x[c] == maximum_;
      if (c == top_ || std::isinf(maximum_)) continue;
      const W d = distance(c);
      if (is_near(c)) {
        ++near_;
        near_rest.add(expm1(d));
      } else {
        far_rest.add(exp(d));
      }
    }
    shared_infinity_ = std::isinf(maximum_) && at_maximum > 1;
    rest_ = near_rest.total() + far_rest.total();
    others_ = W(static_cast<double>(near_ - 1)) + rest_;
    total_ = W(1) + others_;
    log_total_ = log1p(others_);
  }

  [[nodiscard]] std::size_t size() const { return x_.size(); }
  [[nodiscard]] std::size_t top() const { return top_; }
  [[nodiscard]] T maximum() const { return maximum_; }
  [[nodiscard]] bool has_nan() const { return has_nan_; }
  /// The class's share has no limit.
  [[nodiscard]] bool undetermined(std::size_t c) const { return shared_infinity_ && x_[c] == maximum_; }

  /// log sum_k e^{x_k}
  [[nodiscard]] W log_sum() const {
    if (has_nan_) return no_number();
    return std::isinf(maximum_) ? W(maximum_) : widen(maximum_) + log_total_;
  }
  /// p_c = e^{x_c} / sum_k e^{x_k}
  [[nodiscard]] W share(std::size_t c) const {
    if (has_nan_ || undetermined(c)) return no_number();
    return exponential(c) / total_;
  }
  /// 1 - p_c: for the top a sum over the others; elsewhere p_c is at most 1/2 and the difference loses
  /// nothing.
  [[nodiscard]] W complement(std::size_t c) const {
    if (has_nan_ || undetermined(c)) return no_number();
    return c == top_ ? others_ / total_ : W(1) - share(c);
  }
  /// -log p_c = (m - x_c) + log1p(others): two terms, none negative.
  [[nodiscard]] W surprise(std::size_t c) const {
    if (has_nan_ || undetermined(c)) return no_number();
    if (std::isinf(maximum_)) return c == top_ ? W(0) : W(std::numeric_limits<double>::infinity());
    return (widen(maximum_) - widen(x_[c])) + log_total_;
  }
  /// How many classes are near, and -log p_c less the logarithm of that count. Only for finite rows.
  [[nodiscard]] std::int64_t near() const { return near_; }
  [[nodiscard]] W surprise_beyond_near(std::size_t c) const {
    return (widen(maximum_) - widen(x_[c])) + log1p(rest_ / W(static_cast<double>(near_)));
  }

  /// Derivative by x_c of sum_k t'_k (-log p_k), t' = kept t + s/C: the gradient p_c (sum t') - t'_c.
  /// `target` is t_c, `other_targets` the sum of the other classes'. Targets of 0 and 1, and s, are
  /// constants: no input vouches for digits lost in that difference, so none may be lost. For a near class
  ///   (p_c sum t' - t'_c) (near + rest) = (sum t' - t'_c near) + (sum t') expm1(d_c) - t'_c rest,
  ///   sum t' - t'_c near = kept (other_targets - t_c (near - 1)) + s (C - near)/C.
  /// The first part comes from whole numbers, s and the targets, with no rounding to speak of; where the sum
  /// of the three is small beside any of them, all are of the size of the d_k that cause it. A far class has
  /// d_c <= -1/2, so that the difference moves with x_c as much as p_c itself, and is well-conditioned as it
  /// stands.
  [[nodiscard]] W slope(std::size_t c, const W& target, const W& other_targets, const W& kept,
                        const W& s) const {
    if (has_nan_ || undetermined(c)) return no_number();
    const W classes(static_cast<double>(x_.size())), near_count(static_cast<double>(near_));
    const W all = kept * (target + other_targets) + s, own = kept * target + s / classes;
    if (c != top_ && !is_near(c)) return share(c) * all - own;
    const W fixed =
        kept * classes * (other_targets - target * (near_count - W(1))) + s * (classes - near_count);
    const W moved = c == top_ ? W(0) : all * expm1(distance(c));
    return (fixed / classes + moved - own * rest_) / total_;
  }

 private:
  static W no_number() { return W(std::numeric_limits<double>::quiet_NaN()); }
  [[nodiscard]] W distance(std::size_t c) const { return widen(x_[c]) - widen(maximum_); }
  [[nodiscard]] bool is_near(std::size_t c) const { return !std::isinf(maximum_) && distance(c) > W(-.5); }
  [[nodiscard]] W exponential(std::size_t c) const {
    if (c == top_) return W(1);
    return std::isinf(maximum_) ? W(0) : exp(distance(c));
  }

  std::span<const T> x_;
  std::size_t top_ = 0;
  T maximum_ = 0;
  bool has_nan_ = false;
  bool shared_infinity_ = false;
  std::int64_t near_ = 1;
  W rest_{0}, others_{0}, total_{1}, log_total_{0};
};

}  // namespace assay
