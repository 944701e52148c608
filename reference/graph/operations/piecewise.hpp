// What has kinks, and the slopes of those.
#pragma once

#include "reference/graph/operations/forms.hpp"

namespace assay::reference {

template <>
struct Operation<Op::abs> {
  static void enclose(const BallStep& s) { arb_abs(s.z(), s.a()); }
  static void enclose_edge(const EdgeStep& s) { s.becomes(Special::plus_infinity); }
  static void differentiate(const SlopeStep& d) { d.give(d.a(), weigh(d.s, d.add(Op::sign, d.a()))); }
  static void propagate(SensitivityStep& s) {
    if (!s.ordinary(s.n.a)) return;
    arb_sgn(s.local, s.value(s.n.a));
    if (s.zero(s.n.a)) arb_one(s.local);
    s.pass(s.n.a, s.local);
  }
  static Known exact(const ExactStep& s) {
    return s.of_fraction([](const Fraction& x) { return ExactForm(x < 0 ? Fraction(-x) : x); });
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = abs(s.a());
  }
  template <class Number>
  static void point_edge(const PointStep<Number>& s) {
    s.state = PointState::plus_infinity;
  }
};

template <>
struct Operation<Op::sign> : PiecewiseConstant, PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) {
    if (arb_is_zero(s.a()))
      arb_set_si(s.z(), s.largest() ? 1 : 0);
    else
      arb_sgn(s.z(), s.a());
  }
  static void enclose_edge(const EdgeStep& s) { s.becomes_finite(s.first().sign()); }
  static Known exact(const ExactStep& s) {
    return s.of_fraction([](const Fraction& x) { return ExactForm(Fraction(x > 0 ? 1 : x < 0 ? -1 : 0)); });
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = s.sign(s.n.a);
  }
};

template <>
struct Operation<Op::positive> : PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) {
    if (arb_is_nonpositive(s.a()))
      arb_zero(s.z());
    else if (arb_is_nonnegative(s.a()))
      arb_set(s.z(), s.a());
    else
      arb_nonnegative_part(s.z(), s.a());
  }
  static void enclose_edge(const EdgeStep& s) {
    if (s.first().special == Special::plus_infinity)
      s.becomes(Special::plus_infinity);
    else
      s.becomes_finite(0);
  }
  static void differentiate(const SlopeStep& d) { d.give(d.a(), weigh(d.s, d.add(Op::step, d.a()))); }
  static void propagate(SensitivityStep& s) {
    if (s.ordinary(s.n.a) && !arb_is_negative(s.value(s.n.a))) s.pass_whole(s.n.a, 1);
  }
  static Known exact(const ExactStep& s) {
    return s.of_fraction([](const Fraction& x) { return ExactForm(x > 0 ? x : Fraction(0)); });
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = s.sign(s.n.a) > 0 ? s.a() : Number(0);
  }
};

template <>
struct Operation<Op::step> : PiecewiseConstant, PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) {
    if (arb_is_positive(s.a()) || (s.largest() && arb_is_zero(s.a())))
      arb_one(s.z());
    else if (arb_is_nonpositive(s.a()))
      arb_zero(s.z());
    else
      arb_unit_interval(s.z());
  }
  static void enclose_edge(const EdgeStep& s) { s.becomes_finite(s.first().sign() > 0 ? 1 : 0); }
  static Known exact(const ExactStep& s) {
    return s.of_fraction([](const Fraction& x) { return ExactForm(Fraction(x > 0 ? 1 : 0)); });
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = s.sign(s.n.a) > 0 ? 1 : 0;
  }
};

template <>
struct Operation<Op::maximum> : PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) {
    arb_set(s.z(), s.ball(s.operand(0)));
    for (std::int32_t k = 1; k < s.n.b; ++k) arb_max(s.z(), s.z(), s.ball(s.operand(k)), s.bits);
  }
  static void enclose_edge(const EdgeStep& s) {
    bool top = false, some_finite = false;
    for (std::int32_t k = 0; k < s.n.b; ++k) {
      const Extended x = s.extended(s.operand(k));
      top |= x.special == Special::plus_infinity;
      if (x.infinite()) continue;
      if (some_finite)
        arb_max(s.z(), s.z(), x.ball, s.bits);
      else
        arb_set(s.z(), x.ball);
      some_finite = true;
    }
    s.becomes(top ? Special::plus_infinity : some_finite ? Special::none : Special::minus_infinity);
  }
  static void differentiate(const SlopeStep& d) {
    for (std::int32_t k = 0; k < d.n.b; ++k)
      d.give(d.operand(k), weigh(d.s, d.add(Op::share, d.self, Real::at(-1), k)));
  }
  static void propagate(SensitivityStep& s) {
    for (std::int32_t k = 0; k < s.n.b; ++k) {
      const std::int32_t o = s.operand(k);
      if (s.ordinary(o) && s.ordinary(s.node) && arb_overlaps(s.value(o), s.z())) s.pass_whole(o, 1);
    }
  }
  static Known exact(const ExactStep& s) {
    std::optional<Fraction> most;
    for (std::int32_t k = 0; k < s.n.b; ++k) {
      const auto x = s.fraction(s.operand(k));
      if (!x) return {};
      if (!most || *x > *most) most = x;
    }
    return ExactForm(*most);
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    bool some = false;
    for (std::int32_t k = 0; k < s.n.b; ++k) {
      const std::int32_t o = s.operand(k);
      if (s.state_of(o) == PointState::plus_infinity) {
        s.state = PointState::plus_infinity;
        return;
      }
      if (s.infinite(o)) continue;
      if (!some || s.value(o) > s.z) s.z = s.value(o);
      some = true;
    }
    if (!some) s.state = PointState::minus_infinity;
  }
};

template <>
struct Operation<Op::share> : PiecewiseConstant, PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) {
    const Node& top = s.graph.nodes[static_cast<std::size_t>(s.n.a)];
    const std::int32_t* others = s.graph.operands.data() + top.a;
    const std::int32_t self = others[s.n.whole];
    bool certain = true;
    slong ties = 0;
    for (std::int32_t k = 0; k < top.b; ++k) {
      if (arb_gt(s.ball(others[k]), s.ball(self))) {
        arb_zero(s.z());
        return;
      }
      if (arb_lt(s.ball(others[k]), s.ball(self))) continue;
      if ((arb_is_exact(s.ball(others[k])) && arb_equal(s.ball(others[k]), s.ball(self))) ||
          s.graph.identical(others[k], self))
        ++ties;
      else
        certain = false;
    }
    if (!certain) {
      arb_unit_interval(s.z());
      return;
    }
    arb_one(s.z());
    if (!s.largest()) arb_div_si(s.z(), s.z(), ties, 128);
  }
  static void enclose_edge(const EdgeStep&) {}  // no limit
  static Known exact(const ExactStep& s) {
    const Node& top = s.graph.nodes[static_cast<std::size_t>(s.n.a)];
    const std::int32_t* others = s.graph.operands.data() + top.a;
    const auto most = s.fraction(s.n.a);
    if (!most) return {};
    int ties = 0;
    for (std::int32_t k = 0; k < top.b; ++k) ties += s.fraction(others[k]) == most;
    return ExactForm(s.fraction(others[s.n.whole]) == most ? Fraction(1, ties) : Fraction(0));
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    const Node& top = s.graph.nodes[static_cast<std::size_t>(s.n.a)];
    const std::int32_t* others = s.graph.operands.data() + top.a;
    const Number below = -s.a();
    int ties = 0;
    for (std::int32_t k = 0; k < top.b; ++k) ties += s.sum(s.value(others[k]), below) == 0;
    s.z = s.sum(s.value(others[s.n.whole]), below) == 0 ? Number(Number(1) / ties) : Number(0);
  }
};

template <>
struct Operation<Op::where> : PointsLeaveAtInfinity {
  static void enclose(const BallStep& s) {
    arb_srcptr left = s.ball(s.operand(0)), right = s.ball(s.operand(1));
    arb_srcptr then = s.ball(s.operand(2)), otherwise = s.ball(s.operand(3));
    if (arb_is_exact(left) && arb_is_exact(right))  // as most are: compared ten times sooner
      arb_set(s.z(), arf_cmp(arb_midref(left), arb_midref(right)) <= 0 ? then : otherwise);
    else if (arb_le(left, right))
      arb_set(s.z(), then);
    else if (arb_gt(left, right))
      arb_set(s.z(), otherwise);
    else
      arb_union(s.z(), then, otherwise, s.bits);
  }
  static void enclose_edge(const EdgeStep& s) {
    const Extended left = s.extended(s.operand(0)), right = s.extended(s.operand(1));
    if (left.lost() || right.lost()) return;
    bool first = false;
    if (left.infinite() || right.infinite()) {
      first = left.special == Special::minus_infinity || right.special == Special::plus_infinity;
    } else {
      first = arb_le(left.ball, right.ball);
      if (!first && !arb_gt(left.ball, right.ball)) {
        s.becomes_anything();
        return;
      }
    }
    const std::int32_t taken = s.operand(first ? 2 : 3);
    s.becomes(s.special(taken));
    arb_set(s.z(), s.ball(taken));
  }
  static void differentiate(const SlopeStep& d) {
    d.give(d.operand(2), weigh(d.s, reference::where(d.operand(0) <= d.operand(1), 1, 0)));
    d.give(d.operand(3), weigh(d.s, reference::where(d.operand(0) <= d.operand(1), 0, 1)));
  }
  static void propagate(SensitivityStep& s) {
    const std::int32_t left = s.operand(0), right = s.operand(1);
    const bool first = s.ordinary(left) && s.ordinary(right)
                           ? !arb_gt(s.value(left), s.value(right))
                           : s.balls.special(left) == Special::minus_infinity ||
                                 s.balls.special(right) == Special::plus_infinity;
    s.pass_whole(s.operand(first ? 2 : 3), 1);
  }
  static Known exact(const ExactStep& s) {
    const auto left = s.fraction(s.operand(0)), right = s.fraction(s.operand(1));
    if (!left || !right) return {};
    return s.value(s.operand(*left <= *right ? 2 : 3));
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    const std::int32_t left = s.operand(0), right = s.operand(1);
    if (s.infinite(left) || s.infinite(right)) {
      s.state = PointState::out_of_range;
    } else if (s.state_of(left) != PointState::number || s.state_of(right) != PointState::number) {
      s.state = s.state_of(left) == PointState::number ? s.state_of(right) : s.state_of(left);
    } else {
      const std::int32_t taken = s.operand(s.value(left) <= s.value(right) ? 2 : 3);
      s.state = s.state_of(taken);
      s.z = s.value(taken);
    }
  }
};

}  // namespace assay::reference
