// What a formula of one element answers. Included once a target.

#if defined(ASSAY_LOSSES_SHAPES_ELEMENT_WISE_ELEMENT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_ELEMENT_WISE_ELEMENT_INL_HPP
#undef ASSAY_LOSSES_SHAPES_ELEMENT_WISE_ELEMENT_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_ELEMENT_WISE_ELEMENT_INL_HPP
#endif

#include <type_traits>

#include "losses/lanes/loop-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// The number in which a formula of inputs of type X computes, and what a comparison of such numbers is.
template <class X>
struct In {
  using Number = X;
  using Verdict = int;   ///< what & makes of bools
  using Survival = int;  ///< what `survives` says
};
template <>
struct In<Real> {
  using Number = Real;
  using Verdict = Condition;
  using Survival = Condition;
};
template <>
struct In<Exact> {
  using Number = Twin;
  using Verdict = Condition;
  using Survival = Condition;
};
/// Of a slope in which nothing cancels.
template <class X>
HWY_INLINE typename In<X>::Survival certain() {
  if constexpr (std::is_same_v<X, Quad>)
    return 1;
  else
    return Always();
}
template <>
struct Constant<Quad> {
  static Quad of(double high, double low) { return Quad(high) + Quad(low); }
};

/// `Count` numbers. g++ 12 keeps arrays of lanes in memory, and whatever it copies as a whole: so they are
/// copied word by word.
HWY_INLINE Quad words(const Quad& x) { return x; }
HWY_INLINE Real words(const Real& x) { return Real(x.v); }
HWY_INLINE Twin words(const Twin& x) { return {x.hi, x.lo}; }
HWY_INLINE Condition words(const Condition& x) { return {x.m}; }
HWY_INLINE int words(int x) { return x; }

struct All {};
template <class Number, std::size_t Count>
struct Several {
  Number head;
  Several<Number, Count - 1> tail;

  template <class... Rest>
  HWY_INLINE Several(const Number& first, const Rest&... rest) : head(words(first)), tail(rest...) {}
  /// The same number everywhere.
  HWY_INLINE Several(const Number& each, All) : head(words(each)), tail(each, All()) {}

  template <std::size_t K>
  [[nodiscard]] HWY_INLINE Number get() const {
    if constexpr (K == 0)
      return words(head);
    else
      return tail.template get<K - 1>();
  }
};
template <class Number>
struct Several<Number, 0> {
  Several() = default;
  HWY_INLINE Several(const Number&, All) {}
};

/// The value of one element and its derivative by each input, in the record's order; derivatives by labels
/// are never read. `holds`: the inputs are in their domain, and the formula's argument holds for them. Where
/// it does not in lanes, the element is computed again in Quad; where it does not there, it is NaN.
/// `slopes_hold`: the same in lanes for each derivative, where one is wanted.
template <class X, std::size_t Inputs>
struct Element {
  typename In<X>::Number value;
  Several<typename In<X>::Number, Inputs> slope;
  typename In<X>::Verdict holds;
  Several<typename In<X>::Survival, Inputs> slopes_hold = {certain<X>(), All()};
};

/// Stores a slope times what it is multiplied with, and says whether that was rounded once.
HWY_INLINE Always store_product(Real slope, Real scale, float* to) {
  store(slope * scale, to);
  return {};
}
/// Rounded once, which takes a normal result, or an exact 0.
HWY_INLINE Condition store_product(Twin slope, Twin scale, double* to) {
  const Twin product = slope * scale;
  store(product, to);
  const Real size = abs(product.hi);
  return ((size > Real(0x1p-960)) & (size < Real(0x1p1000))) | (slope.hi == Real(0.0));
}

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
