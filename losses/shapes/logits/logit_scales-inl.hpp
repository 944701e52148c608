// What the gradients of rows of logits are multiplied with, and how much of a difference they take. Included
// once a target by way of logits-inl.hpp.

#if defined(ASSAY_LOSSES_SIMD_LOGIT_SCALES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SIMD_LOGIT_SCALES_INL_HPP
#undef ASSAY_LOSSES_SIMD_LOGIT_SCALES_INL_HPP
#else
#define ASSAY_LOSSES_SIMD_LOGIT_SCALES_INL_HPP
#endif

#include "losses/shapes/logits/logit_values-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

template <class T, LogitLoss kind>
class LogitScales : protected LogitValues<T, kind> {
 protected:
  using Base = LogitValues<T, kind>;
  using Base::is_double, Base::joined_, Base::number_wise_, Base::plan_, Base::terms_, Base::weight_;
  using typename Base::Number;

  HWY_INLINE LogitScales(const RowPlan<T>& plan, const LogitTerms& terms) : Base(plan, terms) {}

  /// How much of its terms a difference must leave: where one is a constant, and where both are inputs.
  template <Digits digits>
  static constexpr double enough = digits == Digits::few    ? .25
                                   : digits == Digits::many ? enough_left<T>
                                                            : 0x1p-38;
  template <Digits digits>
  static constexpr double enough_of_inputs = digits == Digits::few || is_double ? enough<digits> : 0x1p-26;

  /// What the gradients of the rows are multiplied with. A cotangent a number is met where the
  /// gradient is formed.
  HWY_INLINE void find_scales() {
    for (std::size_t j = 0; j < virtual_lanes; ++j) {
      const detail::Pair s = number_wise_ ? detail::Pair{1, 0} : plan_.scale(this->row(j));
      put(scale_, j, s);
      if (joined_) {
        scale_.set_all(s);
        break;
      }
    }
    if (has_labels(kind) && terms_.weighted) {
      if (joined_) weight_.set_all({weight_.hi[0], 0});
      for (std::size_t g = 0; g < groups; ++g)
        scale_.set(g, scale_.get(g) * exact_number(weight_.get(g), Number()));
    }
    if constexpr (is_shaped(kind))
      for (std::size_t g = 0; g < groups; ++g) scale_.set(g, scale_.get(g) * this->shape_.get(g));
  }
  [[nodiscard]] HWY_INLINE Condition scale_holds(std::size_t g) const {
    const Real size = abs(leading(scale_.get(g)));
    const Condition holds = (size < Real(0x1p400)) & ((size > Real(0x1p-400)) | (size == Real(0.0)));
    return is_double ? holds & (size < Real(0x1p30)) : holds;
  }
  /// Whether no product of an exponential and this factor can lose its second word.
  HWY_INLINE static Condition keeps_words(Real) { return first(lanes); }
  HWY_INLINE static Condition keeps_words(Twin factor) {
    return (abs(factor.hi) > Real(0x1p-30)) | (factor.hi == Real(0.0));
  }

  Sixteen<Number> scale_;
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
