// exp, expm1, log and log1p in lanes. Included once a target.
//
// Errors, relative to the exact function of the given operand (held by
// tests/losses/lanes/functions_test.cpp):
//   Real    exp, expm1, log, log1p, log_quotient, log_by_excess  2^-51, near their zeros too
//           short_exp, short_powers               2^-37.5, expm1 2^-36; short_exp_down is for x <= 700
//           log1p_unit                            2^-38.5, on 0..1
//   Twin    exp, log, log1p, log_quotient, log_by_excess         2^-74, expm1 2^-73: differences keep enough
//   of it
//           short_exp, short_powers               2^-57.5, expm1 2^-56; short_exp_down is for +-700
//           short_log, short_log1p                2^-57
// What is short takes half the work, for what is rounded to float, and for what is only multiplied and added
// to its like. Domains: exp takes any number and answers for the nearest in +-700, a Twin below -690 with
// ever fewer digits in its low word; expm1 and powers are for +-700; log for 2^-1000 to 2^1000; log1p for -1
// + 2^-500 to 2^1000. NaN and infinities are for the caller to keep away.
//
// exp, expm1. x = k log 2 + r with k whole, |r| < .3466. k is x/log 2 rounded by adding 1.5 2^52, which
// leaves it in the sum's last bits. e^r - 1 = r + r^2 P(r); e^x = 2^k (1 + (e^r - 1)), e^x - 1 = 2^k (e^r -
// 1) + (2^k - 1): for k = 1, e^r - 1 > -.3, and for k = -1, e^r - 1 < .42, the two terms leave a third of the
// larger at least.
//
// log, log1p. x = 2^k m with m from sqrt(1/2) to sqrt(2), log x = k log 2 + 2 artanh(s), s = f/(2+f), f =
// m-1: m-1 is exact, and where k is 0 the series alone keeps the relative accuracy near x = 1; elsewhere |k
// log 2| is at least twice the other. In log1p(x), f is x itself where k is 0.

#if defined(ASSAY_LOSSES_LANES_FUNCTIONS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_LANES_FUNCTIONS_INL_HPP
#undef ASSAY_LOSSES_LANES_FUNCTIONS_INL_HPP
#else
#define ASSAY_LOSSES_LANES_FUNCTIONS_INL_HPP
#endif

#include "losses/lanes/polynomials.hpp"

#include "losses/lanes/lanes-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

using Bits = hn::RebindToUnsigned<Doubles>;

/// A polynomial, constant term first in the table, by Estrin's scheme: halves are evaluated side by side and
/// joined with a power of x, since Horner's chain of waits would cost more than the multiplications that it
/// saves.
template <std::size_t First, std::size_t Count, std::size_t Size>
HWY_INLINE Real part(const double (&coefficient)[Size], const Real (&power)[4]) {
  if constexpr (Count == 1) {
    return coefficient[First];
  } else {
    constexpr std::size_t level = Count > 8   ? 3
                                  : Count > 4 ? 2
                                  : Count > 2 ? 1
                                              : 0,
                          low = std::size_t{1} << level;
    return fused(part<First + low, Count - low>(coefficient, power), power[level],
                 part<First, low>(coefficient, power));
  }
}
template <std::size_t Count>
HWY_INLINE Real evaluate(const double (&coefficient)[Count], Real x) {
  static_assert(Count <= 16);
  const Real squared = x * x, fourth = squared * squared;
  const Real power[4] = {x, squared, fourth, fourth * fourth};
  return part<0, Count>(coefficient, power);
}

/// A whole number k below 2^51 as a double, and 2^k.
struct Whole {
  Real k;
  Real shifted;  ///< k + 1.5 2^52

  HWY_INLINE explicit Whole(Real shifted_k) : k(shifted_k - Real(0x1.8p52)), shifted(shifted_k) {}
  /// For -1022 <= k <= 1023: the last bits of `shifted`, moved to where the exponent stands.
  [[nodiscard]] HWY_INLINE Real power_of_two() const {
    const auto bits = hn::ShiftLeft<52>(hn::BitCast(Bits(), shifted.v));
    return Real(hn::BitCast(Doubles(), hn::Add(bits, hn::Set(Bits(), std::uint64_t{1023} << 52))));
  }
};

/// x/log 2 to the nearest whole number.
HWY_INLINE Whole multiples_of_ln_two(Real x) { return Whole(fused(x, polynomial::log2_e[0], 0x1.8p52)); }

HWY_INLINE Real clamped(Real x) { return greater(lesser(x, 700.0), -700.0); }

struct RealExp {
  Whole k;
  Real p;  ///< e^r - 1

  /// fma rounds x - k L1 and x - k log 2 once each, which costs 2^-54 of .35 or less: r is good to 2^-54
  /// absolutely, and exactly x where k is 0.
  HWY_INLINE explicit RealExp(Real x) : k(multiples_of_ln_two(x)) {
    const Real r = fused(k.k, -polynomial::ln_two[1], fused(k.k, -polynomial::ln_two[0], x));
    p = fused(r * r, evaluate(polynomial::expm1_from_2, r), r);
  }
};
HWY_INLINE Real exp(Real x) {
  const RealExp e(clamped(x));
  return (Real(1.0) + e.p) * e.k.power_of_two();
}
HWY_INLINE Real expm1(Real x) {
  const RealExp e(x);
  const Real power = e.k.power_of_two();
  return fused(e.p, power, power - Real(1.0));
}
/// e^x, and e^x - 1 at little extra cost.
struct RealPowers {
  Real exp, expm1;
};
HWY_INLINE RealPowers powers(Real x) {
  const RealExp e(clamped(x));
  const Real power = e.k.power_of_two();
  return {(Real(1.0) + e.p) * power, fused(e.p, power, power - Real(1.0))};
}

/// x = 2^k m, m from sqrt(1/2) to sqrt(2).
struct Split {
  Real k;
  Real scale;  ///< 2^-k

  /// Adding the distance from sqrt(1/2)'s bits to one's carries into the exponent exactly where m would reach
  /// sqrt(2).
  HWY_INLINE explicit Split(Real x) {
    constexpr std::uint64_t one = std::uint64_t{1023} << 52, root_of_half = 0x3fe6a09e667f3bcd;
    const auto bits = hn::Add(hn::BitCast(Bits(), x.v), hn::Set(Bits(), one - root_of_half));
    const auto biased = hn::ShiftRight<52>(bits);  // k + 1023
    const auto shifted = hn::Add(biased, hn::Set(Bits(), std::uint64_t{0x4338000000000000} - 1023));
    k = Whole(Real(hn::BitCast(Doubles(), shifted))).k;
    scale = Real(hn::BitCast(Doubles(), hn::ShiftLeft<52>(hn::Sub(hn::Set(Bits(), 2046), biased))));
  }
};

/// k log 2 + log(1+f)
HWY_INLINE Real log_of(Real k, Real f) {
  const Real s = f / (Real(2.0) + f), z = s * s;
  // log(1+f) = 2s + 2s z Q, and 2s = f - s f: f is exact, so that the division's rounding enters with |s| <
  // .172 only.
  const Real rest = fused(twice(s) * z, evaluate(polynomial::log_from_1, z), k * polynomial::ln_two[1]);
  return fused(k, polynomial::ln_two[0], f - (s * f - rest));
}
HWY_INLINE Real log(Real x) {
  const Split split(x);
  return log_of(split.k, x * split.scale - Real(1.0));
}
HWY_INLINE Real log1p(Real x) {
  const Twin y = two_sum(1.0, x);
  const Split split(y.hi);
  const Condition near = split.k == Real(0.0);
  // What 1+x lost in rounding belongs to f; it matters where k is 0 only, and there f is x.
  return log_of(split.k, select(near, x, fused(y.lo, split.scale, y.hi * split.scale - Real(1.0))));
}
/// log x, near x = 1 as log1p(excess), for an excess = x - 1 that is known better than by subtracting.
HWY_INLINE Real log_by_excess(Real x, Real excess) {
  const Split split(x);
  return log_of(split.k, select(split.k == Real(0.0), excess, x * split.scale - Real(1.0)));
}
HWY_INLINE Real log_quotient(Real p, Real q) { return log_by_excess(p / q, (p - q) / q); }
HWY_INLINE Real log1p_unit(Real q) { return fused(q * q, evaluate(polynomial::log1p_unit, q), q); }

/// (high + low) + p, where |high| >= |p|.
HWY_INLINE Twin above(Real high, Real low, Twin p) {
  const Twin s = fast_two_sum(high, p.hi);
  return {s.hi, s.lo + (p.lo + low)};
}

/// `Terms`: how many terms of e^r = 1 + r + r^2/2 + ... are taken in two words. What is left is rounded to 53
/// bits: an error of 2^-54 .3466^Terms/Terms! or so.
template <int Terms>
struct TwinExp {
  Whole k;
  Twin p;  ///< e^r - 1

  /// k L1 is exact, and so is x.hi - k L1, which cancels; log 2 is good to 2^-95 in two words.
  HWY_INLINE explicit TwinExp(Twin x) : k(multiples_of_ln_two(x.hi)) {
    const Real high = fused(k.k, -polynomial::ln_two_split[0], x.hi);
    const Twin low = two_product(k.k, -polynomial::ln_two_split[1]);
    const Twin sum = two_sum(high, low.hi);
    const Twin r = fast_two_sum(sum.hi, sum.lo + (low.lo + x.lo));
    using polynomial::inverse_factorial;
    Twin s;
    if constexpr (Terms == 3) {
      s = r * exact(evaluate(polynomial::exp_from_3, r.hi));
    } else {
      static_assert(Terms == 7);
      s = r * exact(evaluate(polynomial::exp_from_7, r.hi));
      s = r * above(inverse_factorial[8], inverse_factorial[9], s);
      s = r * above(inverse_factorial[6], inverse_factorial[7], s);
      s = r * above(inverse_factorial[4], inverse_factorial[5], s);
      s = r * above(inverse_factorial[2], inverse_factorial[3], s);
    }
    s = r * above(.5, 0.0, s);
    p = r * above(1.0, 0.0, s);
  }
};

/// e^x for the nearest x in +-700.
template <int Terms>
HWY_INLINE Twin exp_of(Twin x) {
  const Real high = clamped(x.hi);
  const TwinExp<Terms> e({high, only(high == x.hi, x.lo)});
  const Real power = e.k.power_of_two();
  const Twin sum = fast_two_sum(1.0, e.p.hi);
  return {sum.hi * power, (sum.lo + e.p.lo) * power};
}
HWY_INLINE Twin expm1(Twin x) {
  const TwinExp<7> e(x);
  const Real power = e.k.power_of_two();
  return Twin{e.p.hi * power, e.p.lo * power} + two_sum(power, -1.0);
}

/// k log 2 + log(1+f), f good to 2^-104 of itself. Short: what z/3 and the terms after it round off is below
/// 2^-60.
template <bool Short>
HWY_INLINE Twin log_of(Real k, Twin f) {
  using polynomial::inverse_odd;
  using polynomial::ln_two_split;
  const Twin s = f / (Exact(2.0) + f), multiple = two_product(k, ln_two_split[1]);
  const Twin far = above(k * Real(ln_two_split[0]), 0.0, multiple);
  if constexpr (Short) {
    const Real z = s.hi * s.hi;
    return far + Twin{twice(s.hi), fused(twice(s.hi) * z, evaluate(polynomial::log_from_1, z), twice(s.lo))};
  }
  const Twin z = square(s);
  Twin t = z * exact(evaluate(polynomial::log_from_4, z.hi));
  t = z * above(inverse_odd[4], inverse_odd[5], t);
  t = z * above(inverse_odd[2], inverse_odd[3], t);
  t = z * above(inverse_odd[0], inverse_odd[1], t);
  const Twin series = twice(s);
  return far + above(series.hi, series.lo, series * t);
}
template <bool Short>
HWY_INLINE Twin log_by(Twin x) {
  const Split split(x.hi);
  return log_of<Short>(split.k, Twin{x.hi * split.scale, x.lo * split.scale} - Exact(1.0));
}
template <bool Short>
HWY_INLINE Twin log1p_by(Twin x) {
  const Twin y = Exact(1.0) + x;
  const Split split(y.hi);
  const Twin m{y.hi * split.scale, y.lo * split.scale};
  return log_of<Short>(split.k, select(split.k == Real(0.0), x, m - Exact(1.0)));
}
HWY_INLINE Twin log_by_excess(Twin x, Twin excess) {
  const Split split(x.hi);
  const Twin m{x.hi * split.scale, x.lo * split.scale};
  return log_of<false>(split.k, select(split.k == Real(0.0), excess, m - Exact(1.0)));
}
HWY_INLINE Twin log_quotient(Exact p, Exact q) { return log_by_excess(p / q, (p - q) / Twin(q)); }
HWY_INLINE Twin log(Twin x) { return log_by<false>(x); }
HWY_INLINE Twin log1p(Twin x) { return log1p_by<false>(x); }
HWY_INLINE Twin short_log(Twin x) { return log_by<true>(x); }
HWY_INLINE Twin short_log1p(Twin x) { return log1p_by<true>(x); }
struct TwinPowers {
  Twin exp, expm1;
};
template <int Terms>
HWY_INLINE TwinPowers powers_of(Twin x) {
  const TwinExp<Terms> e(x);
  const Real power = e.k.power_of_two();
  const Twin sum = fast_two_sum(1.0, e.p.hi);
  return {{sum.hi * power, (sum.lo + e.p.lo) * power},
          Twin{e.p.hi * power, e.p.lo * power} + two_sum(power, -1.0)};
}
HWY_INLINE TwinPowers powers(Twin x) { return powers_of<7>(x); }
HWY_INLINE TwinPowers short_powers(Twin x) { return powers_of<3>(x); }
HWY_INLINE Twin exp(Twin x) { return exp_of<7>(x); }
/// e^x for x in +-700, in 40 operations. r = r1 + low with r1 = x.hi - k L1 exact and |low| < 2^-31, so that
/// e^r = e^r1 (1 + low) to 2^-63; e^r1 = 1 + r1 + r1^2/2 + r1^3 Q, whose last term, below .007, is rounded to
/// 2^-60.
HWY_INLINE Twin short_exp_down(Twin x) {
  const Whole k = multiples_of_ln_two(x.hi);
  const Real r = fused(k.k, -polynomial::ln_two_split[0], x.hi),
             low = fused(k.k, -polynomial::ln_two_split[1], x.lo);
  const Twin squared = two_product(r, r);
  const Real cubic = squared.hi * r * evaluate(polynomial::exp_from_3, r);
  const Twin linear = fast_two_sum(1.0, r), sum = fast_two_sum(linear.hi, half(squared.hi));
  const Real rest = (linear.lo + sum.lo) + fused(0.5, squared.lo, cubic);
  const Twin e = fast_two_sum(sum.hi, fused(sum.hi + rest, low, rest));
  const Real power = k.power_of_two();
  return {e.hi * power, e.lo * power};
}
/// For the nearest x in +-700.
HWY_INLINE Twin short_exp(Twin x) {
  const Real high = clamped(x.hi);
  return short_exp_down({high, only(high == x.hi, x.lo)});
}
HWY_INLINE TwinPowers powers(Exact x) { return powers(Twin(x)); }
HWY_INLINE TwinPowers short_powers(Exact x) { return short_powers(Twin(x)); }
HWY_INLINE Twin short_exp_down(Exact x) { return short_exp_down(Twin(x)); }
HWY_INLINE Twin short_exp(Exact x) { return short_exp(Twin(x)); }
HWY_INLINE Twin exp(Exact x) { return exp(Twin(x)); }
HWY_INLINE Twin expm1(Exact x) { return expm1(Twin(x)); }
HWY_INLINE Twin log(Exact x) { return log(Twin(x)); }
HWY_INLINE Twin log1p(Exact x) { return log1p(Twin(x)); }

HWY_INLINE Twin short_log(Exact x) { return short_log(Twin(x)); }

/// For Real, short is what is rounded to float in the end: what x - k log 2 loses without the second word of
/// log 2 is below 2^-46. Adding k to the exponent is exact, the sum lies between sqrt(1/2) and sqrt(2).
struct ShortRealExp {
  Whole k;
  Real p;  ///< e^r - 1

  HWY_INLINE explicit ShortRealExp(Real x) : k(multiples_of_ln_two(x)) {
    const Real r = fused(k.k, -polynomial::ln_two[0], x);
    p = fused(r * r, evaluate(polynomial::short_expm1_from_2, r), r);
  }
};
HWY_INLINE Real short_exp_down(Real x) {
  const ShortRealExp e(greater(x, -700.0));
  const auto scaled = hn::Add(hn::BitCast(Bits(), (Real(1.0) + e.p).v),
                              hn::ShiftLeft<52>(hn::BitCast(Bits(), e.k.shifted.v)));
  return Real(hn::BitCast(Doubles(), scaled));
}
HWY_INLINE Real short_exp(Real x) { return short_exp_down(lesser(x, 700.0)); }
/// Its logarithms have one length.
HWY_INLINE RealPowers short_powers(Real x) {
  const ShortRealExp e(clamped(x));
  const Real power = e.k.power_of_two();
  return {(Real(1.0) + e.p) * power, fused(e.p, power, power - Real(1.0))};
}
HWY_INLINE Real short_log(Real x) { return log(x); }
HWY_INLINE Real short_log1p(Real x) { return log1p(x); }
/// Nor has a Twin a way of its own on 0..1.
HWY_INLINE Twin log1p_unit(Twin q) { return short_log1p(q); }

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
