// Losses of how much two sets share (overlap.hpp). Included once a target by a kernel's file.
//
// N/(N + K) of sums without a negative term; only its derivatives cancel. With n and k a column's terms,
//   (K n' - N k')/(N + K)^2
// is, for n = a x (1-y) + b (1-x) y and k = c x y,  (1-y) a K - y (b K + c N)  over (N + K)^2,
// and for n = (x-y)^2 and k = 2xy                   (x-y) 2 K - y 2 N.
// Floats make 1-y, x-y and each term good to a rounding or two.

#if defined(ASSAY_LOSSES_SHAPES_PAIRS_OVERLAP_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_PAIRS_OVERLAP_INL_HPP
#undef ASSAY_LOSSES_SHAPES_PAIRS_OVERLAP_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_PAIRS_OVERLAP_INL_HPP
#endif

#include "losses/shapes/pairs/pair_rows-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// 1 - x for x no larger than 1.
HWY_INLINE Real complement(Real x) { return Real(1.0) - x; }
HWY_INLINE Twin complement(Exact x) { return fast_two_sum(1.0, -real(x)); }

/// What the sums N and K make of a row: N/(N + K) and, over (N + K)^2, what derivatives consist of. Empty
/// sets, 0/0, count as 0.
struct Overlap {
  Twin apart_share, shared_share, unit;
  Condition holds;

  template <bool Slopes>
  HWY_INLINE static Overlap of(Twin apart, Twin shared, Twin scale) {
    const Twin whole = apart + shared;
    const Condition some = whole.hi > Real(0.0);
    const Twin divisor = select(some, whole, Twin(1.0));
    Overlap out;
    out.apart_share = apart / divisor;
    out.holds = !some | (whole.hi > Real(0x1p-400));
    if constexpr (Slopes) {
      out.shared_share = shared / divisor;
      out.unit = only(some, scale / divisor);
    }
    return out;
  }
  /// The part of a derivative that is (`of_shared` K + `of_apart` N)/(N + K)^2.
  HWY_INLINE Twin part(double of_shared, double of_apart) {
    const Twin part = shared_share * Exact(of_shared) + apart_share * Exact(of_apart), product = part * unit;
    holds = holds & (moderate(product.hi) | (part.hi == Real(0.0)) | (unit.hi == Real(0.0)));
    return product;
  }
};

/// The sums of x (1-y), (1-x) y and x y.
struct LinearOverlap {
  static constexpr std::size_t sums = 3;
  static constexpr bool exact = false, labelled = false;
  double a, b, c, smooth;

  template <class X>
  HWY_INLINE Condition add(StepSum<Twin> (&sum)[sums], std::size_t g, X x, X y) const {
    sum[0].add(g, two_words(complement(y) * x));
    sum[1].add(g, two_words(complement(x) * y));
    sum[2].add(g, two_words(x * y));
    return between(0, x, 1) & between(0, y, 1);
  }
  template <class X>
  HWY_INLINE static auto u(X, X y) {
    return complement(y);
  }
  template <class X>
  HWY_INLINE static X v(X, X y) {
    return y;
  }

  template <bool Slopes>
  HWY_INLINE PairRow row(const Twin (&sum)[sums], Real, Twin scale, Real enough) const {
    const Twin apart = sum[0] * Exact(a) + sum[1] * Exact(b), shared = sum[2] * Exact(c) + Exact(smooth);
    Overlap overlap = Overlap::of<Slopes>(apart, shared, scale);
    PairRow out;
    out.value = overlap.apart_share;
    if constexpr (Slopes) {
      const Twin by_a = overlap.part(a, 0), by_b = overlap.part(b, 0);
      out.first = {by_a, overlap.part(b, c), 0.0};
      out.second = {by_b, overlap.part(a, c), 0.0};
      out.first.least = abs(out.first.b.hi) * enough;
      out.second.least = abs(out.second.b.hi) * enough;
    }
    out.holds = overlap.holds;
    return out;
  }
};

/// The sums of (x-y)^2 and x y.
struct SquaredOverlap {
  static constexpr std::size_t sums = 2;
  static constexpr bool exact = false, labelled = false;
  double smooth;

  template <class X>
  HWY_INLINE Condition add(StepSum<Twin> (&sum)[sums], std::size_t g, X x, X y) const {
    sum[0].add(g, two_words(square(x - y)));
    sum[1].add(g, two_words(x * y));
    return between(0, x, 1) & between(0, y, 1);
  }
  template <class X>
  HWY_INLINE static auto u(X x, X y) {
    return x - y;
  }
  template <class X>
  HWY_INLINE static X v(X, X y) {
    return y;
  }

  template <bool Slopes>
  HWY_INLINE PairRow row(const Twin (&sum)[sums], Real, Twin scale, Real enough) const {
    Overlap overlap = Overlap::of<Slopes>(sum[0], twice(sum[1]) + Exact(smooth), scale);
    PairRow out;
    out.value = overlap.apart_share;
    if constexpr (Slopes) {
      out.first = {overlap.part(2, 0), overlap.part(0, 2), 0.0};
      out.first.least = abs(out.first.b.hi) * enough;
      out.second = out.first;
    }
    out.holds = overlap.holds;
    return out;
  }
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
