// Products, quotients and logarithms with a rule of their own at 0.
#pragma once

#include "reference/graph/operations/forms.hpp"
#include "reference/graph/operations/norms.hpp"

namespace assay::reference {

template <>
struct Operation<Op::overlap> : WithoutInfinities, PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) {
    if (!arb_is_zero(s.b()))
      arb_div(s.z(), s.a(), s.b(), s.bits);
    else
      arb_one(s.z());
  }
  static void differentiate(const SlopeStep& d) { Operation<Op::normal>::differentiate(d); }
  static void propagate(SensitivityStep& s) { QuotientByNorm::propagate(s); }
  static Known exact(const ExactStep& s) {
    return s.zero(s.n.b) ? Known(ExactForm(Fraction(1))) : s.quotient();
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = s.zero(s.n.b) ? Number(1) : Number(s.a() / s.b());
  }
};

template <>
struct Operation<Op::mean> {
  static void enclose(const BallStep& s) {
    if (arb_is_zero(s.b()))
      s.becomes(Special::nan);
    else
      arb_div(s.z(), s.a(), s.b(), s.bits);
  }
  static void enclose_edge(const EdgeStep& s) { s.becomes_quotient(); }
  static void differentiate(const SlopeStep& d) {
    const Real per = d.add(Op::mean_slope, d.b());
    d.give(d.a(), weigh(d.s, per));
    d.give(d.b(), -weigh(d.s, d.a() * per * per));
  }
  static void propagate(SensitivityStep& s) { QuotientByNorm::propagate(s); }
  static Known exact(const ExactStep& s) { return s.quotient(); }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    if (s.zero(s.n.b))
      s.state = PointState::nan;
    else
      s.z = s.a() / s.b();
  }
  template <class Number>
  static void point_edge(const PointStep<Number>& s) {
    s.becomes_quotient_at_edge();
  }
};

template <>
struct Operation<Op::mean_slope> : UncheckedInverse {};

/// A product that an operand of exactly 0 drops (Drops).
template <Drops drops>
struct DroppingProduct {
  static void enclose(const BallStep& s) {
    if (arb_is_zero(s.a()) || (drops == Drops::by_either && arb_is_zero(s.b())))
      arb_zero(s.z());
    else
      arb_mul(s.z(), s.a(), s.b(), s.bits);
  }
  static void enclose_edge(const EdgeStep& s) { s.becomes_product(s.first(), s.second()); }
  static void differentiate(const SlopeStep& d) {
    d.give(d.a(), weigh(d.s, d.b()));
    d.give(d.b(), d.add(Op::chain, d.s, d.a()));
  }
  static void propagate(SensitivityStep& s) {
    if (s.ordinary(s.n.a) && s.zero(s.n.a) && !s.ordinary(s.n.b)) {
      s.pass_infinite(s.n.a);  // counts only where the coefficient's own size does
      return;
    }
    s.pass_value(s.n.a, s.n.b);
    s.pass_value(s.n.b, s.n.a);
  }
  static Known exact(const ExactStep& s) {
    if (s.zero(s.n.a) || (drops == Drops::by_either && s.zero(s.n.b))) return ExactForm();
    return s.product();
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = s.a() * s.b();
  }
  template <class Number>
  static void point_edge(const PointStep<Number>& s) {
    s.becomes_product_at_edge();
  }
};

template <>
struct Operation<Op::weigh> : DroppingProduct<Drops::by_first> {};
template <>
struct Operation<Op::chain> : DroppingProduct<Drops::by_either> {};

template <>
struct Operation<Op::xlogy> : WithoutInfinities, PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) {
    if (arb_is_zero(s.a())) {
      arb_zero(s.z());
    } else if (arb_is_zero(s.b())) {
      s.becomes(infinity_of(arb_is_positive(s.a()) ? -1 : 1));
    } else {
      Ball t;
      arb_log(t, s.b(), s.bits);
      arb_mul(s.z(), s.a(), t, s.bits);
    }
  }
  static void differentiate(const SlopeStep& d) {
    d.give(d.a(), weigh(d.s, log(d.b())));
    d.give(d.b(), weigh(weigh(d.s, d.a()), 1 / d.b()));
  }
  static void propagate(SensitivityStep& s) {
    if (!s.ordinary(s.n.a) || !s.ordinary(s.n.b)) return;
    if (s.zero(s.n.b)) {
      s.pass_infinite(s.n.a);
      if (!s.zero(s.n.a)) s.pass_infinite(s.n.b);
      return;
    }
    arb_log(s.local, s.value(s.n.b), s.bits);
    s.pass(s.n.a, s.local);
    arb_div(s.local, s.value(s.n.a), s.value(s.n.b), s.bits);
    s.pass(s.n.b, s.local);
  }
  static Known exact(const ExactStep& s) {
    if (s.zero(s.n.a)) return ExactForm();
    const auto x = s.fraction(s.n.a);
    const Known l = s.b() ? s.b()->log() : Known();
    return x && l ? Known(l->scaled(*x)) : Known();
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    if (s.zero(s.n.b))
      s.state = s.infinity_of(-s.sign(s.n.a));
    else
      s.z = s.a() * PointStep<Number>::Functions::log(s.b());
  }
};

template <>
struct Operation<Op::log_ratio> : WithoutInfinities, PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) {
    if (arb_is_zero(s.b())) {
      s.becomes(Special::plus_infinity);
    } else if (arb_is_zero(s.a())) {
      s.becomes(Special::minus_infinity);
    } else {
      Ball t;
      arb_div(t, s.a(), s.b(), s.bits);
      arb_log(s.z(), t, s.bits);
    }
  }
  static void differentiate(const SlopeStep& d) {
    d.give(d.a(), weigh(d.s, 1 / d.a()));
    d.give(d.b(), -weigh(d.s, 1 / d.b()));
  }
  static void propagate(SensitivityStep& s) {
    s.pass_inverse(s.n.a, s.n.a);
    s.pass_inverse(s.n.b, s.n.b, true);
  }
  static Known exact(const ExactStep& s) {
    const Known ratio = s.quotient();
    return s.fraction(s.n.a) && ratio ? ratio->log() : Known();
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    if (s.zero(s.n.b))
      s.state = PointState::plus_infinity;
    else if (s.zero(s.n.a))
      s.state = PointState::minus_infinity;
    else
      s.z = PointStep<Number>::Functions::log(Number(s.a() / s.b()));
  }
};

template <>
struct Operation<Op::divergence> : WithoutInfinities, PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) {
    if (arb_is_zero(s.a())) {
      arb_zero(s.z());
    } else if (arb_is_zero(s.b())) {
      s.becomes(Special::plus_infinity);
    } else {
      Ball t;
      arb_div(t, s.a(), s.b(), s.bits);
      arb_log(t, t, s.bits);
      arb_mul(s.z(), s.a(), t, s.bits);
    }
  }
  static void differentiate(const SlopeStep& d) {
    d.give(d.a(), weigh(d.s, d.add(Op::log_ratio, d.a(), d.b()) + 1));
    d.give(d.b(), -weigh(weigh(d.s, d.a()), 1 / d.b()));
  }
  static void propagate(SensitivityStep& s) {
    if (!s.ordinary(s.n.a) || !s.ordinary(s.n.b)) return;
    if (s.zero(s.n.a) || s.zero(s.n.b)) {
      s.pass_infinite(s.n.a);
      if (!s.zero(s.n.a)) s.pass_infinite(s.n.b);
      return;
    }
    arb_div(s.local, s.value(s.n.a), s.value(s.n.b), s.bits);
    arb_log(s.local, s.local, s.bits);
    arb_add_si(s.local, s.local, 1, s.bits);
    s.pass(s.n.a, s.local);
    arb_div(s.local, s.value(s.n.a), s.value(s.n.b), s.bits);
    arb_neg(s.local, s.local);
    s.pass(s.n.b, s.local);
  }
  static Known exact(const ExactStep& s) {
    if (s.zero(s.n.a)) return ExactForm();
    const auto p = s.fraction(s.n.a);
    const Known ratio = s.quotient(), l = ratio ? ratio->log() : Known();
    return p && l ? Known(l->scaled(*p)) : Known();
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    if (s.zero(s.n.b))
      s.state = PointState::plus_infinity;
    else
      s.z = PointStep<Number>::Functions::log(Number(s.a() / s.b())) * s.a();
  }
};

}  // namespace assay::reference
