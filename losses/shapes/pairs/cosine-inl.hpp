// Functions of the cosine of two rows. Included once a target by a kernel's file.
//
// The sums are x.y, x.x and y.y. cos = x.y/(|x||y|) is off by what x.y is over |x||y|, which the sum of the
// absolute values of its terms cannot exceed. Its derivative by x_i,
//   (y_i - (x.y/x.x) x_i)/(|x||y|) = y_i a - x_i b,
// leaves, where it cancels, what b knows of |x_i| |y|/|x| over |x||y|, |x_i|/x.x.

#if defined(ASSAY_LOSSES_SHAPES_PAIRS_COSINE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_PAIRS_COSINE_INL_HPP
#undef ASSAY_LOSSES_SHAPES_PAIRS_COSINE_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_PAIRS_COSINE_INL_HPP
#endif

#include "losses/shapes/pairs/pair_rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// A loss of a row by the cosine.
struct OfCosine {
  Twin value;
  Real slope;  ///< -1, 0 or 1
  Condition holds;
};

/// `Loss` has `labelled` and OfCosine at(cosine, label, enough).
template <class Loss>
struct CosineTerms : Loss {
  static constexpr std::size_t sums = 3;
  static constexpr bool exact = true;

  template <class X>
  HWY_INLINE Condition add(StepSum<Twin> (&sum)[sums], std::size_t g, X x, X y) const {
    sum[0].add(g, two_words(x * y));
    sum[1].add(g, two_words(square(x)));
    sum[2].add(g, two_words(square(y)));
    return ordinary(x) & ordinary(y);
  }
  template <class X>
  HWY_INLINE static X u(X, X y) {
    return y;
  }
  template <class X>
  HWY_INLINE static X v(X x, X) {
    return x;
  }

  template <bool Slopes>
  HWY_INLINE PairRow row(const Twin (&sum)[sums], Real label, Twin scale, Real enough) const {
    const Condition directed = (sum[1].hi > Real(0.0)) & (sum[2].hi > Real(0.0));
    const Twin xx = select(directed, sum[1], Twin(1.0)), yy = select(directed, sum[2], Twin(1.0));
    const Twin lengths = sqrt(xx * yy);
    const OfCosine loss = Loss::at(sum[0] / lengths, label, enough);
    PairRow out;
    out.value = loss.value;
    out.holds = directed & loss.holds;
    if constexpr (Slopes) {
      const Twin c = scale * assay::HWY_NAMESPACE::exact(loss.slope), a = c / lengths;
      const Real share = abs(c.hi) * enough;
      out.first = {a, a * (sum[0] / xx), share / xx.hi};
      out.second = {a, a * (sum[0] / yy), share / yy.hi};
      out.holds = out.holds & ((c.hi == Real(0.0)) |
                               (moderate(a.hi) & moderate(out.first.least) & moderate(out.second.least)));
    }
    return out;
  }
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
