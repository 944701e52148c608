// Rows of logits in lanes. Included once a target by way of losses/shapes/logits/logit_rows.hpp.
//
// With m the row's maximum and e_c = e^{x_c - m}, whose largest is 1 exactly, others = (sum of e_c) - 1 and
// total = 1 + others:
//   log sum e^x   = m + log1p(others)
//   -log p_c      = (m - x_c) + log1p(others)            two terms that are not negative
//   p_c           = e_c / total
//   1 - p_c       = others / total at the only maximum; elsewhere p_c <= 1/2
// Against targets t_c with the sum T the loss is sum t_c (m - x_c) + T log1p(others), and its slope
//   T p_c - t_c   = (T - t_c) - T others/total           at the only maximum, T - t_c summed apart
// which, negated, is the slope of log-softmax with the cotangents t_c, of either sign.
// Where nothing is taken from anything, exponentials with half the digits beyond the dtype will do. Where
// something is, a quarter of it must be left; else the row is computed again with the digits that lanes'
// functions have. Of those 2^-15 (f32) or 2^-18 (f64) must be left; else slopes against f64's targets or
// cotangents are computed once more with all the digits of two words, of which 2^-38 must be left. What is in
// doubt then is computed without lanes, as are rows with NaN, infinite maxima and what lies below 2^-960. Of
// an f32 difference between inputs 2^-26 will do: its terms are good to 2^-50, and the sensitivity counts
// each of them, of which 2^-49 is excused.
//
// The parts: logit_exponentials-inl.hpp, what is kept of a row, logit_sums-inl.hpp, logit_targets-inl.hpp,
// logit_labels-inl.hpp, logit_values-inl.hpp, logit_scales-inl.hpp, logit_cotangents-inl.hpp and
// logit_gradients-inl.hpp, each what its name says.

#if defined(ASSAY_LOSSES_SIMD_LOGITS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SIMD_LOGITS_INL_HPP
#undef ASSAY_LOSSES_SIMD_LOGITS_INL_HPP
#else
#define ASSAY_LOSSES_SIMD_LOGITS_INL_HPP
#endif

#include "losses/shapes/logits/logit_gradients-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

template <class T, LogitLoss kind>
class LogitRows : LogitGradients<T, kind> {
 public:
  HWY_INLINE LogitRows(const RowPlan<T>& plan, const LogitTerms& terms)
      : LogitGradients<T, kind>(plan, terms) {}

  HWY_NOINLINE RowSums segment(std::size_t begin, std::size_t end) {
    constexpr bool positive = kind != LogitLoss::log_sum_exp && kind != LogitLoss::softmax;
    RowSums sums = sum_of_blocks<positive>(*this, this->width_, begin, end, this->values_);
    // Of a sum of values with few digits a half must be left, or all are computed again with all digits.
    if (kind == LogitLoss::log_sum_exp && !this->terms_.careful)
      sums.size *= PerDtype<double>{.f32 = 0x1p13, .f64 = 0x1p17}[dtype_of<T>];
    return sums;
  }

  /// One long row, or up to sixteen short ones.
  HWY_INLINE void block(std::size_t first_row, std::size_t count, RowSums& out, std::size_t pending) {
    unsigned doubtful = this->begin(first_row, count) ? 0 : ~0u;
    if (doubtful == 0) {
      if constexpr (kind == LogitLoss::targets) this->look_at_targets();
      if constexpr (kind == LogitLoss::log_softmax)
        if (this->number_wise_) this->look_at_cotangents();
      const bool few = few_digits_may_do();
      if (few) doubtful = this->template compute<Digits::few>(pending);
      if (!few || (doubtful != 0 && more_digits_may_help()))
        doubtful = this->template compute<Digits::many>(pending);
      if constexpr (!in_double<T> && takes_differences)
        if (doubtful != 0 && all_digits_may_help()) doubtful = this->template compute<Digits::all>(pending);
    }
    if (HWY_UNLIKELY(doubtful != 0))
      for (std::size_t j = 0; j < count; ++j)
        if (doubtful >> j & 1) compute_slowly(this->plan_, first_row + j, out, this->values_, pending + j);
  }

 private:
  /// Of numbers that may be as close as they like.
  static constexpr bool takes_differences =
      kind == LogitLoss::targets || kind == LogitLoss::softmax || kind == LogitLoss::log_softmax;

  /// Whether a target's share is near the target shows with the exponentials only; of rows that are all
  /// targets some always are.
  [[nodiscard]] HWY_INLINE bool few_digits_may_do() const {
    const bool gradient = this->gradient_ != nullptr;
    switch (kind) {
      case LogitLoss::log_sum_exp:
        return !this->terms_.careful;
      case LogitLoss::softmax:
      case LogitLoss::log_softmax:
        return !gradient;
      case LogitLoss::labels:
        return !gradient || !this->floored_;
      case LogitLoss::poly:
        return true;
      case LogitLoss::focal:
        return !gradient && this->terms_.gamma <= 2;
      case LogitLoss::targets:
        return !gradient || (!this->floored_ && this->few_targets_);
    }
    return false;
  }
  [[nodiscard]] HWY_INLINE bool more_digits_may_help() const {
    return kind == LogitLoss::log_sum_exp || (kind == LogitLoss::poly && this->terms_.epsilon < 0) ||
           (kind == LogitLoss::targets && this->gradient_ != nullptr);
  }
  /// One of many slopes of a long row that all but vanishes would have the whole row computed in Quad.
  [[nodiscard]] HWY_INLINE bool all_digits_may_help() const {
    const bool fit = kind != LogitLoss::targets || this->targets_doubtful_ == 0;
    return fit && this->narrow_ && this->gradient_ != nullptr;
  }
};

/// The rows from `begin` to `end`.
template <class T, LogitLoss kind>
RowSums logit_rows(const RowPlan<T>& plan, const LogitTerms& terms, std::size_t begin, std::size_t end) {
  LogitRows<T, kind> rows(plan, terms);
  return rows.segment(begin, end);
}

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
