// Exponentials of logits beneath a maximum: how many digits they have, and how they are added up. Included
// once a target by way of logits-inl.hpp.

#if defined(ASSAY_LOSSES_SHAPES_LOGITS_LOGIT_EXPONENTIALS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_LOGITS_LOGIT_EXPONENTIALS_INL_HPP
#undef ASSAY_LOSSES_SHAPES_LOGITS_LOGIT_EXPONENTIALS_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_LOGITS_LOGIT_EXPONENTIALS_INL_HPP
#endif

#include "losses/lanes/fine_exp-inl.hpp"
#include "losses/shapes/logits/logit_sums-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// How many digits exponentials have: they are not asked for; as many as the dtype and half as many again;
/// those that lanes' functions have; or all of a Twin's, for a difference that leaves little.
enum class Digits : std::uint8_t { none, few, many, all };

/// e^{x-m}, where x - m is at most 0.
template <Digits digits>
HWY_INLINE Real exponential(Real x, Real m) {
  if constexpr (digits == Digits::few) return short_exp_down(x - m);
  const RealExp e(greater(x - m, -700.0));
  return (Real(1.0) + e.p) * e.k.power_of_two();
}
template <Digits digits>
HWY_INLINE Twin exponential(Exact x, Real m) {
  const Twin d = x - exact(m);
  if constexpr (digits == Digits::few)
    return short_exp_down(d);
  else if constexpr (digits == Digits::many)
    return exp(d);
  else
    return fine_exp(d);
}

/// Sums of a few steps start in a register of their own: a Real's at 0, of which up to 16 additions to 1
/// round off 2^-49; a Twin's at 1, which no term exceeds, so that the low words, 2^-48 at most after 32
/// additions, lose 2^-96, after 8 of them 2^-100, after 2 2^-104.
template <Digits digits, bool two_words>
inline constexpr std::size_t at_once = digits == Digits::few    ? (two_words ? 32 : 16)
                                       : digits == Digits::many ? (two_words ? 8 : 4)
                                                                : 2;
/// What others must be at least for these sums to tell them from the maximum's 1: f32 to 2^-37, f64 to
/// 2^-58, with many digits to 2^-74 and with all to 2^-95, on rows of 32,000 numbers; longer ones must have
/// more.
template <Digits digits, bool two_words>
HWY_INLINE double least_others(std::size_t steps) {
  const double least = !two_words               ? 0x1p-12
                       : digits == Digits::few  ? 0x1p-28
                       : digits == Digits::many ? 0x1p-14
                                                : 0x1p-1;
  return steps <= 2048 ? least : least * static_cast<double>(steps) * 0x1p-11;
}
template <class Number>
struct FewSteps {
  Number sum[groups];

  HWY_INLINE FewSteps() {
    for (std::size_t g = 0; g < groups; ++g)
      sum[g] = exactly<Number>(std::is_same_v<Number, Twin> ? 1.0 : 0.0);
  }
  HWY_INLINE void add(std::size_t g, Real x) { sum[g] = sum[g] + x; }
  HWY_INLINE void add(std::size_t g, Twin x) {
    const Twin s = fast_two_sum(sum[g].hi, x.hi);
    sum[g] = {s.hi, sum[g].lo + (s.lo + x.lo)};
  }
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
