// The numbers that a kernel computes with in vector registers. Included once a target.
//
//   Real    one double a lane. f32 losses compute in it: the 29 bits beyond float are all that they need.
//   Exact   one double a lane that is an input or a parameter of an f64 loss: nothing has been rounded yet.
//   Twin    hi + lo a lane, a double-double: what f64 losses compute in. Operations on Exact give a Twin.
//
// All have + - * /, abs, half, comparisons with what they may be compared with, and select(condition, a, b),
// so that a formula over any of them, or over Quad (quad.hpp), is one text. Operations are IEEE 754's and fma
// alone, in an order that the text fixes: the same bits on every target.
//
// Errors of Twin, relative, for operands with |lo| <= 2^-53 |hi| whose products neither overflow nor fall
// below 2^-960 (what ordinary() asks for): + - * of two Exact: none; / of two Exact: 2^-103; + and -: 2^-104
// of the larger operand; *: 2^-102, by an Exact 2^-104; /: 2^-101; sqrt: 2^-102. + - / and functions leave
// |lo| <= 2^-53 |hi| (exp 2^-52), * and sqrt 2^-51 |hi|: operands like that cost up to two bits more
// (tests/losses/lanes/functions_test.cpp holds all of this).
// The algorithms are those of Joldes, Muller and Popescu, https://doi.org/10.1145/3121432.

#if defined(ASSAY_LOSSES_LANES_LANES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_LANES_LANES_INL_HPP
#undef ASSAY_LOSSES_LANES_LANES_INL_HPP
#else
#define ASSAY_LOSSES_LANES_LANES_INL_HPP
#endif

#include <hwy/highway.h>

#include <cmath>
#include <cstddef>
#include <cstdint>

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Doubles = hn::ScalableTag<double>;
using Vector = hn::Vec<Doubles>;
inline constexpr std::size_t lanes = HWY_LANES(double);

struct Condition {
  hn::Mask<Doubles> m;
};
HWY_INLINE Condition operator&(Condition a, Condition b) { return {hn::And(a.m, b.m)}; }
HWY_INLINE Condition operator|(Condition a, Condition b) { return {hn::Or(a.m, b.m)}; }
HWY_INLINE Condition operator!(Condition a) { return {hn::Not(a.m)}; }
/// A condition that holds in every lane and costs nothing.
struct Always {
  HWY_INLINE operator Condition() const {  // NOLINT
    const Vector zero = hn::Zero(Doubles());
    return {hn::Eq(zero, zero)};
  }
};
HWY_INLINE Condition operator&(Condition a, Always) { return a; }
HWY_INLINE Always operator&(Always, Always) { return {}; }

struct Real {
  Vector v;

  Real() = default;
  HWY_INLINE explicit Real(Vector x) : v(x) {}
  HWY_INLINE Real(double x) : v(hn::Set(Doubles(), x)) {}  // NOLINT: literals mix freely with lanes
};
struct Exact {
  Vector v;

  Exact() = default;
  HWY_INLINE explicit Exact(Vector x) : v(x) {}
  HWY_INLINE Exact(double x) : v(hn::Set(Doubles(), x)) {}  // NOLINT: exact
};

#undef ASSAY_FUSED_IN_SOFTWARE
#define ASSAY_FUSED_IN_SOFTWARE \
  (HWY_TARGET == HWY_SSSE3 || HWY_TARGET == HWY_SSE4 || HWY_TARGET == HWY_EMU128 || HWY_TARGET == HWY_SCALAR)

/// a b + c, rounded once. Targets without such an instruction ask the C library, number by number: slow, and
/// the same bits.
HWY_INLINE Vector fused(Vector a, Vector b, Vector c) {
#if ASSAY_FUSED_IN_SOFTWARE
  HWY_ALIGN double x[lanes], y[lanes], z[lanes];
  hn::Store(a, Doubles(), x);
  hn::Store(b, Doubles(), y);
  hn::Store(c, Doubles(), z);
  for (std::size_t i = 0; i < lanes; ++i) z[i] = __builtin_fma(x[i], y[i], z[i]);
  return hn::Load(Doubles(), z);
#else
  return hn::MulAdd(a, b, c);
#endif
}

/// a b - c, rounded once.
HWY_INLINE Vector fused_less(Vector a, Vector b, Vector c) {
#if ASSAY_FUSED_IN_SOFTWARE
  return fused(a, b, hn::Neg(c));
#else
  return hn::MulSub(a, b, c);
#endif
}

HWY_INLINE Real operator+(Real a, Real b) { return Real(hn::Add(a.v, b.v)); }
HWY_INLINE Real operator-(Real a, Real b) { return Real(hn::Sub(a.v, b.v)); }
HWY_INLINE Real operator*(Real a, Real b) { return Real(hn::Mul(a.v, b.v)); }
HWY_INLINE Real operator/(Real a, Real b) { return Real(hn::Div(a.v, b.v)); }
HWY_INLINE Real operator-(Real a) { return Real(hn::Neg(a.v)); }
HWY_INLINE Real fused(Real a, Real b, Real c) { return Real(fused(a.v, b.v, c.v)); }
HWY_INLINE Real fused_less(Real a, Real b, Real c) { return Real(fused_less(a.v, b.v, c.v)); }
HWY_INLINE Real abs(Real a) { return Real(hn::Abs(a.v)); }
HWY_INLINE Real half(Real a) { return a * Real(.5); }
HWY_INLINE Real twice(Real a) { return a + a; }
HWY_INLINE Real square(Real a) { return a * a; }
HWY_INLINE Real sqrt(Real a) { return Real(hn::Sqrt(a.v)); }
HWY_INLINE Real lesser(Real a, Real b) { return Real(hn::Min(a.v, b.v)); }
HWY_INLINE Real greater(Real a, Real b) { return Real(hn::Max(a.v, b.v)); }
HWY_INLINE Condition operator<(Real a, Real b) { return {hn::Lt(a.v, b.v)}; }
HWY_INLINE Condition operator>(Real a, Real b) { return {hn::Gt(a.v, b.v)}; }
HWY_INLINE Condition operator<=(Real a, Real b) { return {hn::Le(a.v, b.v)}; }
HWY_INLINE Condition operator>=(Real a, Real b) { return {hn::Ge(a.v, b.v)}; }
HWY_INLINE Condition operator==(Real a, Real b) { return {hn::Eq(a.v, b.v)}; }
HWY_INLINE Real select(Condition c, Real a, Real b) { return Real(hn::IfThenElse(c.m, a.v, b.v)); }
/// a where the condition holds, else 0.
HWY_INLINE Real only(Condition c, Real a) { return Real(hn::IfThenElseZero(c.m, a.v)); }

/// hi + lo. The lo of an Exact is 0 and costs nothing where the operations below are overloaded for it.
struct Twin {
  Real hi, lo;

  Twin() = default;
  HWY_INLINE Twin(Real high, Real low) : hi(high), lo(low) {}
  HWY_INLINE Twin(Exact x) : hi(x.v), lo(0.0) {}  // NOLINT: exact
  HWY_INLINE explicit Twin(double x) : hi(x), lo(0.0) {}
};

HWY_INLINE Real real(Exact a) { return Real(a.v); }
/// A number whose rounding is accounted for, or that has none.
HWY_INLINE Exact exact(Real a) { return Exact(a.v); }

/// a + b exactly (Knuth).
HWY_INLINE Twin two_sum(Real a, Real b) {
  const Real s = a + b, t = s - a;
  return {s, (a - (s - t)) + (b - t)};
}
/// a - b exactly.
HWY_INLINE Twin two_difference(Real a, Real b) {
  const Real s = a - b, t = s - a;
  return {s, (a - (s - t)) - (b + t)};
}
/// a + b exactly where |a| >= |b| or a = 0 (Dekker).
HWY_INLINE Twin fast_two_sum(Real a, Real b) {
  const Real s = a + b;
  return {s, b - (s - a)};
}
/// a b exactly, short of underflow.
HWY_INLINE Twin two_product(Real a, Real b) {
  const Real p = a * b;
  return {p, fused_less(a, b, p)};
}

HWY_INLINE Twin operator-(Twin a) { return {-a.hi, -a.lo}; }
HWY_INLINE Exact operator-(Exact a) { return exact(-real(a)); }

HWY_INLINE Twin operator+(Exact a, Exact b) { return two_sum(real(a), real(b)); }
HWY_INLINE Twin operator-(Exact a, Exact b) { return two_difference(real(a), real(b)); }
HWY_INLINE Twin operator*(Exact a, Exact b) { return two_product(real(a), real(b)); }

HWY_INLINE Twin operator+(Twin a, Exact b) {
  const Twin s = two_sum(a.hi, real(b));
  return fast_two_sum(s.hi, s.lo + a.lo);
}
HWY_INLINE Twin operator+(Exact a, Twin b) { return b + a; }
HWY_INLINE Twin operator-(Twin a, Exact b) { return a + (-b); }
HWY_INLINE Twin operator-(Exact a, Twin b) { return (-b) + a; }
HWY_INLINE Twin operator+(Twin a, Twin b) {
  const Twin s = two_sum(a.hi, b.hi), t = two_sum(a.lo, b.lo);
  const Twin v = fast_two_sum(s.hi, s.lo + t.hi);
  return fast_two_sum(v.hi, t.lo + v.lo);
}
HWY_INLINE Twin operator-(Twin a, Twin b) { return a + (-b); }

HWY_INLINE Twin operator*(Twin a, Exact b) {
  const Twin p = two_product(a.hi, real(b));
  return {p.hi, fused(a.lo, real(b), p.lo)};
}
HWY_INLINE Twin operator*(Exact a, Twin b) { return b * a; }
HWY_INLINE Twin operator*(Twin a, Twin b) {
  const Twin p = two_product(a.hi, b.hi);
  return {p.hi, fused(a.hi, b.lo, fused(a.lo, b.hi, p.lo))};
}
HWY_INLINE Twin operator/(Twin a, Twin b) {
  const Real inverse = Real(1.0) / b.hi;
  const Real q = a.hi * inverse;
  const Real rest = fused(-q, b.hi, a.hi) + fused(-q, b.lo, a.lo);
  return fast_two_sum(q, rest * inverse);
}
HWY_INLINE Twin operator/(Exact a, Exact b) { return Twin(a) / Twin(b); }

HWY_INLINE Exact abs(Exact a) { return exact(abs(real(a))); }
HWY_INLINE Twin abs(Twin a) {
  const Vector sign = hn::And(a.hi.v, hn::SignBit(Doubles()));
  return {Real(hn::Xor(a.hi.v, sign)), Real(hn::Xor(a.lo.v, sign))};
}
/// a - b where a >= b >= 0: what is left is normalised, or is half of a at least where b <= a/2.
HWY_INLINE Real less(Real a, Real b) { return a - b; }
HWY_INLINE Twin less(Twin a, Exact b) {
  const Twin s = fast_two_sum(a.hi, -real(b));
  return {s.hi, s.lo + a.lo};
}
HWY_INLINE Exact half(Exact a) { return exact(half(real(a))); }
HWY_INLINE Exact twice(Exact a) { return exact(twice(real(a))); }
HWY_INLINE Twin half(Twin a) { return {half(a.hi), half(a.lo)}; }
HWY_INLINE Twin twice(Twin a) { return {twice(a.hi), twice(a.lo)}; }
HWY_INLINE Twin square(Exact a) { return a * a; }
HWY_INLINE Twin square(Twin a) {
  const Twin p = two_product(a.hi, a.hi);
  return {p.hi, fused(twice(a.hi), a.lo, p.lo)};
}
/// One Newton step from the root of the high part: what it leaves out is (2^-53)^2 / 2. The root of 0 is 0.
HWY_INLINE Twin sqrt(Twin a) {
  const Real root = sqrt(a.hi);
  const Real rest = fused(-root, root, a.hi) + a.lo;
  return {root, only(a.hi > Real(0.0), rest / twice(root))};
}

/// A constant in two words.
template <class Number>
struct Constant;
template <>
struct Constant<Real> {
  HWY_INLINE static Real of(double high, double) { return high; }
};
template <>
struct Constant<Twin> {
  HWY_INLINE static Twin of(double high, double low) { return {high, low}; }
};

/// Comparisons look at the high parts: a Twin that is off by less than 2^-53 of itself may take the other
/// side, which formulas choose such that it does not matter. The sign and being 0 are exact after + and -.
HWY_INLINE Real leading(Real a) { return a; }
HWY_INLINE Real leading(Exact a) { return real(a); }
HWY_INLINE Real leading(Twin a) { return a.hi; }

#define ASSAY_COMPARE(op)                                                                 \
  HWY_INLINE Condition operator op(Exact a, Exact b) { return leading(a) op leading(b); } \
  HWY_INLINE Condition operator op(Twin a, Twin b) { return leading(a) op leading(b); }   \
  HWY_INLINE Condition operator op(Twin a, Exact b) { return leading(a) op leading(b); }
ASSAY_COMPARE(<)
ASSAY_COMPARE(>)
ASSAY_COMPARE(<=)
ASSAY_COMPARE(>=)
ASSAY_COMPARE(==)
#undef ASSAY_COMPARE

HWY_INLINE Exact select(Condition c, Exact a, Exact b) { return exact(select(c, real(a), real(b))); }
HWY_INLINE Twin select(Condition c, Twin a, Twin b) { return {select(c, a.hi, b.hi), select(c, a.lo, b.lo)}; }
HWY_INLINE Exact lesser(Exact a, Exact b) { return exact(lesser(real(a), real(b))); }
HWY_INLINE Twin lesser(Twin a, Exact b) { return select(a.hi < real(b), a, Twin(b)); }
HWY_INLINE Twin only(Condition c, Twin a) { return {only(c, a.hi), only(c, a.lo)}; }

/// Neither NaN nor infinite, and for f64 0 or within 2^+-240: then products and quotients of up to four such
/// numbers overflow nowhere and keep their low word. For f32 every finite number will do.
HWY_INLINE Condition ordinary(Real a) { return abs(a) < Real(0x1p1000); }
HWY_INLINE Condition ordinary(Exact a) {
  const Real size = abs(real(a));
  return ((size >= Real(0x1p-240)) & (size <= Real(0x1p240))) | (real(a) == Real(0.0));
}
HWY_INLINE Condition ordinary(Twin a) { return ordinary(exact(a.hi)); }

/// Ordinary and from `low` to `high`.
HWY_INLINE Condition between(double low, Real a, double high) { return (a >= Real(low)) & (a <= Real(high)); }
HWY_INLINE Condition between(double low, Exact a, double high) {
  return between(low, real(a), high) & ordinary(a);
}

/// exp and expm1 of it, or of its negative, are ordinary enough. A float beyond 700 has an exponential that
/// neither itself nor times a float shows in one: any number as large, or as small, will do, and exp gives
/// one.
HWY_INLINE Condition exponentiable(Real a) { return ordinary(a); }
HWY_INLINE Condition exponentiable(Exact a) { return abs(real(a)) <= Real(690.0); }

/// A coefficient that is exactly 0 drops its term. Trusted terms are finite, so that 0 times them is 0.
template <class A, class B>
HWY_INLINE auto weigh(A coefficient, B term) {
  return coefficient * term;
}
HWY_INLINE Real positive_part(Real x) { return greater(x, 0.0); }
HWY_INLINE Exact positive_part(Exact x) { return exact(greater(real(x), 0.0)); }
HWY_INLINE Twin positive_part(Twin x) { return only(x.hi > Real(0.0), x); }

/// What is left of a difference of terms of this size is good to a rounding of the result: a Real loses up to
/// 2^-50 of `size`, which the sensitivity that the formula names excuses; a Twin made of functions up to
/// 2^-73, of which the result must be 2^18 times as large.
HWY_INLINE Always survives(Real, Real) { return {}; }
HWY_INLINE Condition survives(Twin difference, Twin size) {
  return abs(difference.hi) >= abs(size.hi) * Real(0x1p-18);
}

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
