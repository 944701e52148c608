// Euclidean norms, their slopes, and vectors divided by them.
#pragma once

#include "reference/graph/operations/forms.hpp"

namespace assay::reference {

template <>
struct Operation<Op::norm> : PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) {
    arb_zero(s.z());
    for (std::int32_t k = 0; k < s.n.b; ++k)
      arb_addmul(s.z(), s.ball(s.operand(k)), s.ball(s.operand(k)), s.bits);
    arb_sqrtpos(s.z(), s.z(), s.bits);
  }
  static void enclose_edge(const EdgeStep& s) { s.becomes(Special::plus_infinity); }
  static void differentiate(const SlopeStep& d) {
    for (std::int32_t k = 0; k < d.n.b; ++k)
      d.give(d.operand(k), weigh(d.s, d.add(Op::unit, d.operand(k), d.self)));
  }
  static void propagate(SensitivityStep& s) {
    for (std::int32_t k = 0; k < s.n.b; ++k) {
      const std::int32_t o = s.operand(k);
      if (!s.ordinary(o) || !s.ordinary(s.node)) continue;
      if (arb_is_zero(s.z()))
        arb_one(s.local);
      else
        arb_div(s.local, s.value(o), s.z(), s.bits);
      s.pass(o, s.local);
    }
  }
  static Known exact(const ExactStep& s) {
    Fraction total = 0;
    for (std::int32_t k = 0; k < s.n.b; ++k) {
      const auto x = s.fraction(s.operand(k));
      if (!x) return {};
      total += *x * *x;
    }
    const auto root = root_of(total);
    return root ? Known(ExactForm(*root)) : Known();
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    Number total = 0;
    for (std::int32_t k = 0; k < s.n.b; ++k) total += s.value(s.operand(k)) * s.value(s.operand(k));
    s.z = PointStep<Number>::Functions::sqrt(total);
  }
};

/// first / second, and 0 where the second is 0.
struct QuotientByNorm {
  static void enclose_edge(const EdgeStep& s) { s.becomes_quotient(); }
  static void propagate(SensitivityStep& s) {
    if (s.ordinary(s.n.b) && s.ordinary(s.node) && !s.zero(s.n.b)) s.pass_quotient();
  }
  static Known exact(const ExactStep& s) { return s.zero(s.n.b) ? Known(ExactForm()) : s.quotient(); }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = s.zero(s.n.b) ? Number(0) : Number(s.a() / s.b());
  }
  template <class Number>
  static void point_edge(const PointStep<Number>& s) {
    s.becomes_quotient_at_edge();
  }
};

template <>
struct Operation<Op::unit> : QuotientByNorm {
  static void enclose(const BallStep& s) {
    if (!arb_is_zero(s.b()))
      arb_div(s.z(), s.a(), s.b(), s.bits);
    else
      arb_set_si(s.z(), s.largest() ? 1 : 0);
  }
  static void differentiate(const SlopeStep& d) {
    d.give(d.a(), weigh(d.s, 1 / d.b()));
    d.give(d.b(), -weigh(d.s, d.self / d.b()));
  }
};

template <>
struct Operation<Op::normal> : QuotientByNorm {
  static void enclose(const BallStep& s) {
    if (!arb_is_zero(s.b()))
      arb_div(s.z(), s.a(), s.b(), s.bits);
    else
      arb_zero(s.z());
  }
  static void differentiate(const SlopeStep& d) {
    const Real per = d.add(Op::normal_slope, d.b());
    d.give(d.a(), weigh(d.s, per));
    d.give(d.b(), -weigh(d.s, d.a() * per * per));
  }
};

/// 1 / first, not checked where the first is 0: the slope of a quotient that has a value there by convention.
struct UncheckedInverse : PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) {
    if (arb_is_zero(s.a()))
      s.becomes(Special::unchecked);
    else
      arb_inv(s.z(), s.a(), s.bits);
  }
  static void enclose_edge(const EdgeStep& s) { s.becomes_finite(0); }
  static void differentiate(const SlopeStep& d) { d.give(d.a(), -weigh(d.s, d.self * d.self)); }
  static void propagate(SensitivityStep& s) {
    if (!s.ordinary(s.node)) return;
    arb_mul(s.local, s.z(), s.z(), s.bits);
    arb_neg(s.local, s.local);
    s.pass(s.n.a, s.local);
  }
  static Known exact(const ExactStep& s) { return s.inverse(s.n.a); }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    if (s.zero(s.n.a))
      s.state = PointState::nan;
    else
      s.z = 1 / s.a();
  }
};

template <>
struct Operation<Op::normal_slope> : UncheckedInverse {};

}  // namespace assay::reference
