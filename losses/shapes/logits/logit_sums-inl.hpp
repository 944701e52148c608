// Numbers of one word or two by one text, and sums of them over the steps of rows of logits. Included once a
// target by way of logits-inl.hpp.

#if defined(ASSAY_LOSSES_SHAPES_LOGITS_LOGIT_SUMS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_LOGITS_LOGIT_SUMS_INL_HPP
#undef ASSAY_LOSSES_SHAPES_LOGITS_LOGIT_SUMS_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_LOGITS_LOGIT_SUMS_INL_HPP
#endif

#include "losses/shapes/rows/rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// A lambda that is part of the loop that calls it: it must be told which instructions it may use.
#undef ASSAY_IN_LOOP
#define ASSAY_IN_LOOP HWY_ATTR __attribute__((always_inline))

/// A number whose rounding is accounted for, or that has none.
template <class Number>
HWY_INLINE Number exactly(Real x) {
  if constexpr (std::is_same_v<Number, Twin>)
    return Twin(exact(x));
  else
    return x;
}
template <class Number>
HWY_INLINE Number constant(detail::Pair x) {
  return Constant<Number>::of(x.hi, x.lo);
}
HWY_INLINE Real high(Real x) { return x; }
HWY_INLINE Real high(Exact x) { return real(x); }
/// m - x, not negative.
HWY_INLINE Real below(Real m, Real x) { return m - x; }
HWY_INLINE Twin below(Real m, Exact x) { return exact(m) - x; }
/// a - b, both good to 2^-73: without the last rounding of the low word, 2^-104 of the larger.
HWY_INLINE Real difference(Real a, Real b) { return a - b; }
HWY_INLINE Twin difference(Twin a, Twin b) {
  const Twin s = two_sum(a.hi, -b.hi);
  return {s.hi, s.lo + (a.lo - b.lo)};
}
/// Two words lose none of their digits below 2^-960.
HWY_INLINE Always is_normal(Real) { return {}; }
HWY_INLINE Condition is_normal(Twin x) { return (abs(x.hi) > Real(0x1p-900)) | (x.hi == Real(0.0)); }
/// A slope that has met a cotangent, which may be as large as numbers get and leave NaN in a low word.
HWY_INLINE Condition is_ordinary(Real slope) {
  const Real size = abs(slope);
  return ((size > Real(0x1p-900)) & (size < Real(0x1p1000))) | (size == Real(0.0));
}

/// A number, and where lanes vouch for it.
template <class Number>
struct Vouched {
  Number number;
  Condition holds;
};

/// A sum over the steps of a row whose Reals are brought to two words every few steps: what is rounded off is
/// 2^-50 of the terms' absolute values, however long the row is.
template <class Number>
class LongSum;
template <>
class LongSum<Real> {
 public:
  HWY_INLINE LongSum() {
    for (std::size_t g = 0; g < groups; ++g) {
      total_[g] = {0.0, 0.0};
      part_[g] = 0.0;
    }
  }
  HWY_INLINE void add(std::size_t g, Real x) { part_[g] = part_[g] + x; }
  HWY_INLINE void after(std::size_t step) {
    if (step % 8 != 7) return;
    for (std::size_t g = 0; g < groups; ++g) carry(g);
  }
  HWY_INLINE void result(bool joined, Sixteen<Real>& out) {
    for (std::size_t g = 0; g < groups; ++g) {
      carry(g);
      part_[g] = total_[g].hi + total_[g].lo;
      out.set(g, part_[g]);
    }
    if (joined) out.set_all(merged(part_));
  }

 private:
  HWY_INLINE void carry(std::size_t g) {
    const Twin s = two_sum(total_[g].hi, part_[g]);
    total_[g] = {s.hi, total_[g].lo + s.lo};
    part_[g] = 0.0;
  }
  Twin total_[groups];
  Real part_[groups];
};
template <>
class LongSum<Twin> : public StepSum<Twin> {
 public:
  HWY_INLINE LongSum() {}  // NOLINT: what g++ writes itself may not use the target's instructions
  HWY_INLINE void after(std::size_t) {}
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
