// Elementary functions.
#pragma once

#include "reference/graph/operations/forms.hpp"

namespace assay::reference {

template <>
struct Operation<Op::exp> : PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) { arb_exp(s.z(), s.a(), s.bits); }
  static void enclose_edge(const EdgeStep& s) {
    if (s.first().special == Special::plus_infinity)
      s.becomes(Special::plus_infinity);
    else
      s.becomes_finite(0);
  }
  static void differentiate(const SlopeStep& d) { d.give(d.a(), weigh(d.s, d.self)); }
  static void propagate(SensitivityStep& s) { s.pass_value(s.n.a, s.node); }
  static Known exact(const ExactStep& s) { return s.of_fraction(ExactForm::exp); }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = PointStep<Number>::Functions::exp(s.a());
  }
};

template <>
struct Operation<Op::log> : PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) {
    if (arb_is_zero(s.a()))
      s.becomes(Special::minus_infinity);
    else if (const std::int32_t x = beside_one(s); x >= 0 && s.special(x) == Special::none)
      arb_log1p(s.z(), s.ball(x), s.bits);
    else
      arb_log(s.z(), s.a(), s.bits);
  }
  static void enclose_edge(const EdgeStep& s) {
    if (s.first().special == Special::plus_infinity) s.becomes(Special::plus_infinity);
  }
  static void differentiate(const SlopeStep& d) { d.give(d.a(), weigh(d.s, 1 / d.a())); }
  static void propagate(SensitivityStep& s) { s.pass_inverse(s.n.a, s.n.a); }
  static Known exact(const ExactStep& s) { return s.a() ? s.a()->log() : Known(); }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    if (s.zero(s.n.a))
      s.state = PointState::minus_infinity;
    else
      s.z = PointStep<Number>::Functions::log(s.a());
  }

 private:
  // x of an operand 1 + x, else -1: its logarithm has all of x's digits, however small x is beside the 1.
  static std::int32_t beside_one(const BallStep& s) {
    const Node& sum = s.graph.nodes[static_cast<std::size_t>(s.n.a)];
    if (sum.op != Op::add) return -1;
    const Node& first = s.graph.nodes[static_cast<std::size_t>(sum.a)];
    return first.op == Op::whole && first.whole == 1 ? sum.b : -1;
  }
};

template <>
struct Operation<Op::sqrt> : PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) { arb_sqrt(s.z(), s.a(), s.bits); }
  static void enclose_edge(const EdgeStep& s) {
    if (s.first().special == Special::plus_infinity) s.becomes(Special::plus_infinity);
  }
  static void differentiate(const SlopeStep& d) { d.give(d.a(), weigh(d.s, 1 / (2 * d.self))); }
  static void propagate(SensitivityStep& s) {
    arb_mul_2exp_si(s.local, s.z(), 1);
    if (arb_is_zero(s.local)) {
      s.pass_infinite(s.n.a);
      return;
    }
    arb_inv(s.local, s.local, s.bits);
    s.pass(s.n.a, s.local);
  }
  static Known exact(const ExactStep& s) {
    const auto square = s.fraction(s.n.a);
    const auto root = square ? root_of(*square) : std::nullopt;
    return root ? Known(ExactForm(*root)) : Known();
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = PointStep<Number>::Functions::sqrt(s.a());
  }
};

template <>
struct Operation<Op::cosh> : PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) { arb_cosh(s.z(), s.a(), s.bits); }
  static void enclose_edge(const EdgeStep& s) { s.becomes(Special::plus_infinity); }
  static void differentiate(const SlopeStep& d) { d.give(d.a(), weigh(d.s, d.add(Op::sinh, d.a()))); }
  static void propagate(SensitivityStep& s) {
    if (!s.ordinary(s.n.a)) return;
    arb_sinh(s.local, s.value(s.n.a), s.bits);
    s.pass(s.n.a, s.local);
  }
  static Known exact(const ExactStep& s) {
    return s.of_fraction([](const Fraction& x) {
      return ExactForm::exp(x).scaled(Fraction(1, 2)) + ExactForm::exp(-x).scaled(Fraction(1, 2));
    });
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    using Functions = typename PointStep<Number>::Functions;
    s.z = (Functions::exp(s.a()) + Functions::exp(Number(-s.a()))) / 2;
  }
};

template <>
struct Operation<Op::sinh> : PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) { arb_sinh(s.z(), s.a(), s.bits); }
  static void enclose_edge(const EdgeStep& s) { s.becomes(s.first().special); }
  static void differentiate(const SlopeStep& d) { d.give(d.a(), weigh(d.s, cosh(d.a()))); }
  static void propagate(SensitivityStep& s) {
    if (!s.ordinary(s.n.a)) return;
    arb_cosh(s.local, s.value(s.n.a), s.bits);
    s.pass(s.n.a, s.local);
  }
  static Known exact(const ExactStep& s) {
    return s.of_fraction([](const Fraction& x) {
      return ExactForm::exp(x).scaled(Fraction(1, 2)) + ExactForm::exp(-x).scaled(Fraction(-1, 2));
    });
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = PointStep<Number>::Functions::sinh(s.a());
  }
};

template <>
struct Operation<Op::cos> : PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) { arb_cos(s.z(), s.a(), s.bits); }
  static void enclose_edge(const EdgeStep&) {}  // no limit
  static void differentiate(const SlopeStep& d) { d.give(d.a(), weigh(d.s, -sin(d.a()))); }
  static void propagate(SensitivityStep& s) {
    if (!s.ordinary(s.n.a)) return;
    arb_sin(s.local, s.value(s.n.a), s.bits);
    arb_neg(s.local, s.local);
    s.pass(s.n.a, s.local);
  }
  static Known exact(const ExactStep& s) {  // rational at 0 alone
    return s.zero(s.n.a) ? Known(ExactForm(Fraction(1))) : Known();
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = PointStep<Number>::Functions::cos(s.a());
  }
};

template <>
struct Operation<Op::sin> : PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) { arb_sin(s.z(), s.a(), s.bits); }
  static void enclose_edge(const EdgeStep&) {}  // no limit
  static void differentiate(const SlopeStep& d) { d.give(d.a(), weigh(d.s, cos(d.a()))); }
  static void propagate(SensitivityStep& s) {
    if (!s.ordinary(s.n.a)) return;
    arb_cos(s.local, s.value(s.n.a), s.bits);
    s.pass(s.n.a, s.local);
  }
  static Known exact(const ExactStep& s) {  // rational at 0 alone
    return s.zero(s.n.a) ? Known(ExactForm(Fraction(0))) : Known();
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = PointStep<Number>::Functions::sin(s.a());
  }
};

template <>
struct Operation<Op::power> : PointsLeaveAtInfinity {
  // A base whose ball reaches below 0 is at least 0 all the same.
  static void enclose(const BallStep& s) {
    if (arb_is_zero(s.b())) {
      arb_one(s.z());
    } else if (arb_is_positive(s.a())) {
      arb_pow(s.z(), s.a(), s.b(), s.bits);
    } else if (arb_is_zero(s.a()) && arb_is_negative(s.b())) {
      s.becomes(Special::plus_infinity);
    } else if (!arb_is_positive(s.b())) {
      arb_zero_pm_inf(s.z());
    } else if (arb_is_zero(s.a())) {
      arb_zero(s.z());
    } else {
      Ball largest, nothing;
      arb_get_ubound_arf(arb_midref(static_cast<arb_ptr>(largest)), s.a(), s.bits);
      arb_pow(largest, largest, s.b(), s.bits);
      arb_union(s.z(), nothing, largest, s.bits);
    }
  }
  static void enclose_edge(const EdgeStep& s) {
    const Extended a = s.first(), b = s.second();
    if (b.infinite() || a.special == Special::minus_infinity) return;  // no formula asks
    if (b.sign() == 2)
      s.becomes_anything();
    else if (b.sign() > 0)
      s.becomes(a.special);
    else
      s.becomes_finite(b.sign() == 0 ? 1 : 0);
  }
  // 0^(b-1) gives the one-sided slope at 0: 0, 1 or +inf as b is above, at or below 1; a b of 0 drops it.
  static void differentiate(const SlopeStep& d) {
    d.give(d.a(), weigh(d.s, weigh(d.b(), power(d.a(), d.b() - 1))));
    d.give(d.b(), weigh(d.s, xlogy(d.self, d.a())));
  }
  static void propagate(SensitivityStep& s) {
    if (!s.ordinary(s.n.a) || !s.ordinary(s.n.b) || s.zero(s.n.b)) return;
    arb_srcptr base = s.value(s.n.a), exponent = s.value(s.n.b);
    if (!s.zero(s.n.a)) {
      if (!s.ordinary(s.node)) return;
      arb_log(s.local, base, s.bits);
      arb_mul(s.local, s.local, s.z(), s.bits);
      s.pass(s.n.b, s.local);
      arb_div(s.local, s.z(), base, s.bits);
      arb_mul(s.local, s.local, exponent, s.bits);
      s.pass(s.n.a, s.local);
      return;
    }
    arb_sub_si(s.local, exponent, 1, s.bits);
    if (arb_is_negative(s.local)) s.pass_infinite(s.n.a);
    if (arb_is_zero(s.local)) s.pass_whole(s.n.a, 1);
  }
  /// A whole number of times, or half of one, a few times; 0, 1 and what hugs 1 to any power.
  static Known exact(const ExactStep& s) {
    constexpr int most_factors = 64;
    const auto exponent = s.fraction(s.n.b);
    if (!exponent) return {};
    if (*exponent == 0) return ExactForm(Fraction(1));
    const auto base = s.fraction(s.n.a);
    if (base && *base == 1) return ExactForm(Fraction(1));
    if (base && *base == 0) return *exponent > 0 ? Known(ExactForm()) : Known();
    Fraction steps = *exponent < 0 ? Fraction(-*exponent) : *exponent;
    Known factor = s.a();
    if (boost::multiprecision::denominator(steps) == 2) {
      const auto root = base ? root_of(*base) : std::nullopt;
      if (!root) return factor ? factor->power_near_one(*exponent) : Known();
      factor = ExactForm(*root);
      steps *= 2;
    }
    if (!factor) return {};
    if (boost::multiprecision::denominator(steps) != 1 || steps > most_factors)
      return factor->power_near_one(*exponent);
    Known result = ExactForm(Fraction(1));
    for (int k = 0; result && k < steps; ++k) result = *result * *factor;
    return result && *exponent < 0 ? result->inverse() : result;
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    using Functions = typename PointStep<Number>::Functions;
    if (s.zero(s.n.b))
      s.z = 1;
    else if (!s.zero(s.n.a))
      s.z = Functions::exp(Number(s.b() * Functions::log(s.a())));
    else if (s.sign(s.n.b) > 0)
      s.z = 0;
    else
      s.state = PointState::plus_infinity;
  }
};

}  // namespace assay::reference
