// The gradient of a cross-entropy against labels by its class weights, which all rows share and which the
// mean divides by.
#pragma once

#include <cstdint>
#include <span>

#include "losses/shapes/logits/logit_row.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// Row i adds w_c u_ic to the loss, with u_ic = kept [c = y_i] l_iy + floor l_ic and l = -log p. Under `none`
/// and `sum` the gradient by w_c is U_c = sum_i s_i u_ic. The mean L = sum_c w_c U_c / D, D = sum_c w_c n_c
/// with n_c rows of label c, has
///   dL/dw_c = (U_c - n_c L)/D = sum_{k != c} w_k (n_k U_c - n_c U_k) / D^2:
/// class c has no say in it, and rows of equal loss give exactly 0. To keep that, two numbers that drop out
/// are taken away before they can round: l of the first finite row from each row's l_iy (the same multiple of
/// n_c in every U_c), and from U_c the n_c-fold mean of one class that has rows,
///   E_c = n_j U_c - n_c U_j,      dL/dw_c = (E_c sum_{k != c} w_k n_k - n_c sum_{k != c} w_k E_k) / (n_j
///   D^2).
/// The sums without c are differences of totals, but for the class that dominates D, which is summed apart.
template <class T>
class ClassWeightGradient {
 public:
  using W = Wide<T>;

  ClassWeightGradient(const Call<T>& call, row_wise::Scratch& scratch)
      : gradient_(call.gradient[weight_input]), mean_(call.reduction == Reduction::mean) {
    if (gradient_ == nullptr) return;
    classes_ = static_cast<std::size_t>(call.inputs[weight_input].extent[0]);
    sums_ = scratch.take<row_wise::Tally<W>>(call.inputs[weight_input].extent[0]);
    counts_ = scratch.take<std::int64_t>(call.inputs[weight_input].extent[0]);
  }

  void add(const LogitRow<T>& row, std::size_t y, const W& kept, const W& floor, const W& cotangent) {
    if (gradient_ == nullptr) return;
    const W factor = mean_ ? W(1) : cotangent;
    relative_ = true;
    ++counts_[y];
    if (kept != W(0)) sums_[y].add(factor * kept * (mean_ ? above_first(row, y) : row.surprise(y)));
    if (floor == W(0)) return;
    floored_ = true;
    for (std::size_t c = 0; c < classes_; ++c) sums_[c].add(factor * floor * row.surprise(c));
  }

  /// The same for w_y u_y alone, where u_y is known as it stands, such as a log-probability that is an input:
  /// its own size vouches for what is lost, and nothing is taken away.
  void add(std::size_t y, const W& value, const W& cotangent) {
    if (gradient_ == nullptr) return;
    ++counts_[y];
    sums_[y].add(mean_ ? value : cotangent * value);
  }

  void write(const T* weights, const W& divisor, const row_wise::Cotangent<T>& cotangent) const {
    if (gradient_ == nullptr) return;
    if (!mean_) {
      for (std::size_t c = 0; c < classes_; ++c) gradient_[c] = narrow<T>(sums_[c].total());
    } else if (cotangent.drops(0)) {
      for (std::size_t c = 0; c < classes_; ++c) gradient_[c] = 0;
    } else {
      write_mean(weights, divisor, widen(cotangent.raw(0)));
    }
  }

 private:
  static constexpr std::size_t weight_input = 2;

  /// -log p_y less that of the first finite row. The classes near the maximum are compared as counts.
  W above_first(const LogitRow<T>& row, std::size_t y) {
    if (!is_finite(row.surprise(y))) return row.surprise(y);
    const W beyond = std::isinf(row.maximum()) ? W(0) : row.surprise_beyond_near(y);
    if (first_near_ == 0) {
      first_near_ = row.near();
      first_beyond_ = beyond;
    }
    const W difference = beyond - first_beyond_;
    if (row.near() == first_near_) return difference;
    return difference + log(W(static_cast<double>(row.near())) / W(static_cast<double>(first_near_)));
  }

  void write_mean(const T* weights, const W& divisor, const W& cotangent) const {
    // Without a finite class that has rows nothing is taken away.
    std::size_t reference = classes_;
    for (std::size_t c = classes_; relative_ && c-- > 0;)
      if (counts_[c] > 0 && is_finite(sums_[c].total())) reference = c;
    const W reference_count = reference < classes_ ? count(reference) : W(1);
    const W reference_sum = reference < classes_ ? sums_[reference].total() : W(0);
    const bool referred = reference < classes_;
    auto excess = [&](std::size_t c) {
      return referred ? reference_count * sums_[c].total() - count(c) * reference_sum : sums_[c].total();
    };

    // A weight that is 0, or that no row has met, drops its term.
    auto met = [&](std::size_t c) { return weights[c] != 0 && (counts_[c] > 0 || floored_); };
    auto weight = [&](std::size_t c) { return met(c) ? widen(weights[c]) * count(c) : W(0); };
    auto weighted_excess = [&](std::size_t c) { return met(c) ? widen(weights[c]) * excess(c) : W(0); };
    auto without = [&](std::size_t left_out, const auto& term) {
      Sum<W> sum;
      for (std::size_t c = 0; c < classes_; ++c)
        if (c != left_out) sum.add(term(c));
      return sum.total();
    };
    std::size_t dominant = 0;
    for (std::size_t c = 0; c < classes_; ++c)
      if (weight(c) > weight(dominant)) dominant = c;
    const W other_weights = without(dominant, weight), other_excess = without(dominant, weighted_excess);
    const W all_excess = other_excess + weighted_excess(dominant);

    for (std::size_t c = 0; c < classes_; ++c) {
      W slope(0);
      if (counts_[c] == 0 && !floored_) {
        // No row has the class: the loss does not depend on its weight, whatever the others hold.
      } else if (counts_[c] == 0) {
        slope = excess(c) / (reference_count * divisor);
      } else {
        const W weight_left = c == dominant ? other_weights : divisor - weight(c);
        const W excess_left = c == dominant                   ? other_excess
                              : is_finite(weighted_excess(c)) ? all_excess - weighted_excess(c)
                                                              : without(c, weighted_excess);
        // Alone, a class has the mean to itself, and no weight changes it.
        const W own = weight_left == W(0) ? W(0) : excess(c) * weight_left;
        slope = (own - count(c) * excess_left) / (reference_count * divisor * divisor);
      }
      gradient_[c] = narrow<T>(cotangent * slope);
    }
  }

  [[nodiscard]] W count(std::size_t c) const { return W(static_cast<double>(counts_[c])); }

  T* gradient_;
  bool mean_;
  bool floored_ = false, relative_ = false;
  std::size_t classes_ = 0;
  std::span<row_wise::Tally<W>> sums_;
  std::span<std::int64_t> counts_;
  std::int64_t first_near_ = 0;
  W first_beyond_{0};
};

}  // namespace assay
