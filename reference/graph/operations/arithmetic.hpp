// Sums, products and quotients, and what has no derivative.
#pragma once

#include <bit>

#include "reference/graph/operations/forms.hpp"

namespace assay::reference {

template <>
struct Operation<Op::add> {
  static void enclose(const BallStep& s) { arb_add(s.z(), s.a(), s.b(), s.bits); }
  static void enclose_edge(const EdgeStep& s) {
    const Extended a = s.first(), b = s.second();
    if (!(a.infinite() && b.infinite() && a.special != b.special))
      s.becomes(a.infinite() ? a.special : b.special);
  }
  static void differentiate(const SlopeStep& d) {
    d.give(d.a(), d.s);
    d.give(d.b(), d.s);
  }
  static void propagate(SensitivityStep& s) {
    s.pass_whole(s.n.a, 1);
    s.pass_whole(s.n.b, 1);
  }
  static Known exact(const ExactStep& s) { return s.a() && s.b() ? Known(*s.a() + *s.b()) : Known(); }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = s.sum(s.a(), s.b());
  }
  template <class Number>
  static void point_edge(const PointStep<Number>& s) {
    if (!s.infinite(s.n.b))
      s.state = s.state_of(s.n.a);
    else if (!s.infinite(s.n.a) || s.sign(s.n.a) == s.sign(s.n.b))
      s.state = s.state_of(s.n.b);
    else
      s.state = PointState::nan;
  }
};

template <>
struct Operation<Op::sub> {
  static void enclose(const BallStep& s) {
    arb_sub(s.z(), s.a(), s.b(), s.bits);
    // A difference of equal expressions never gets narrower than its ball: look at the expressions.
    if (s.bits > 256 && arb_contains_zero(s.z()) && !arb_is_zero(s.z()) &&
        (s.graph.identical(s.n.a, s.n.b) || equal_norms(s, s.n.a, s.n.b)))
      arb_zero(s.z());
  }
  static void enclose_edge(const EdgeStep& s) {
    const Extended a = s.first(), b = s.second();
    if (!(a.infinite() && b.infinite() && a.special == b.special))
      s.becomes(a.infinite() ? a.special : opposite(b.special));
  }
  static void differentiate(const SlopeStep& d) {
    d.give(d.a(), d.s);
    d.give(d.b(), -d.s);
  }
  static void propagate(SensitivityStep& s) {
    s.pass_whole(s.n.a, 1);
    s.pass_whole(s.n.b, -1);
  }
  static Known exact(const ExactStep& s) {
    return s.a() && s.b() ? Known(*s.a() + s.b()->scaled(-1)) : Known();
  }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = s.sum(s.a(), Number(-s.b()));
  }
  template <class Number>
  static void point_edge(const PointStep<Number>& s) {
    if (!s.infinite(s.n.b))
      s.state = s.state_of(s.n.a);
    else if (!s.infinite(s.n.a) || s.sign(s.n.a) == -s.sign(s.n.b))
      s.state = s.infinity_of(-s.sign(s.n.b));
    else
      s.state = PointState::nan;
  }

 private:
  // Roots of one number, whatever it was summed from.
  static bool equal_norms(const BallStep& s, std::int32_t a, std::int32_t b) {
    Ball squares[2];
    for (int which = 0; which < 2; ++which) {
      const Node& n = s.graph.nodes[static_cast<std::size_t>(which == 0 ? a : b)];
      if (n.op != Op::norm) return false;
      for (std::int32_t k = 0; k < n.b; ++k) {
        arb_srcptr x = s.ball(s.graph.operands[static_cast<std::size_t>(n.a + k)]);
        arb_addmul(squares[which], x, x, s.bits);
      }
    }
    return arb_is_exact(squares[0]) && arb_equal(squares[0], squares[1]);
  }
};

template <>
struct Operation<Op::mul> {
  static void enclose(const BallStep& s) { arb_mul(s.z(), s.a(), s.b(), s.bits); }
  static void enclose_edge(const EdgeStep& s) { s.becomes_product(s.first(), s.second()); }
  static void differentiate(const SlopeStep& d) {
    d.give(d.a(), weigh(d.s, d.b()));
    d.give(d.b(), weigh(d.s, d.a()));
  }
  static void propagate(SensitivityStep& s) {
    s.pass_value(s.n.a, s.n.b);
    s.pass_value(s.n.b, s.n.a);
  }
  static Known exact(const ExactStep& s) { return s.product(); }
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
struct Operation<Op::div> {
  static void enclose(const BallStep& s) {
    if (by_whole(s)) return;
    if (!arb_is_zero(s.b())) {
      arb_div(s.z(), s.a(), s.b(), s.bits);
    } else if (arb_is_zero(s.a())) {
      s.becomes(Special::nan);
    } else if (arb_is_positive(s.a()) || arb_is_negative(s.a())) {
      // Whatever may be exactly 0 below a fraction bar here is a probability or 1 less it: 0 from above.
      s.becomes(infinity_of(arb_is_positive(s.a()) ? 1 : -1));
    } else {
      arb_zero_pm_inf(s.z());
    }
  }
  static void enclose_edge(const EdgeStep& s) { s.becomes_quotient(); }
  static void differentiate(const SlopeStep& d) {
    d.give(d.a(), weigh(d.s, 1 / d.b()));
    d.give(d.b(), weigh(d.s, -(d.a() / (d.b() * d.b()))));
  }
  static void propagate(SensitivityStep& s) {
    if (!s.ordinary(s.n.b) || !s.ordinary(s.node)) return;
    if (s.zero(s.n.b))
      s.pass_infinite(s.n.a);
    else
      s.pass_quotient();
  }
  static Known exact(const ExactStep& s) { return s.quotient(); }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    if (!s.zero(s.n.b))
      s.z = s.a() / s.b();
    else
      s.state = s.zero(s.n.a) ? PointState::nan : s.infinity_of(s.sign(s.n.a));
  }
  template <class Number>
  static void point_edge(const PointStep<Number>& s) {
    s.becomes_quotient_at_edge();
  }

  /// Whether the divisor is a whole number above 0, by which the ball divides sooner.
  static bool by_whole(const BallStep& s) {
    const Node& d = s.graph.nodes[static_cast<std::size_t>(s.n.b)];
    if (d.op != Op::whole || d.whole <= 0) return false;
    const auto divisor = static_cast<std::uint64_t>(d.whole);
    if (std::has_single_bit(divisor))
      arb_mul_2exp_si(s.z(), s.a(), -std::countr_zero(divisor));
    else
      arb_div_ui(s.z(), s.a(), divisor, s.bits);
    return true;
  }
};

template <>
struct Operation<Op::neg> {
  static void enclose(const BallStep& s) { arb_neg(s.z(), s.a()); }
  static void enclose_edge(const EdgeStep& s) { s.becomes(opposite(s.first().special)); }
  static void differentiate(const SlopeStep& d) { d.give(d.a(), -d.s); }
  static void propagate(SensitivityStep& s) { s.pass_whole(s.n.a, -1); }
  static Known exact(const ExactStep& s) { return s.a() ? Known(s.a()->scaled(-1)) : Known(); }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = -s.a();
  }
  template <class Number>
  static void point_edge(const PointStep<Number>& s) {
    s.state = s.infinity_of(-s.sign(s.n.a));
  }
};

template <>
struct Operation<Op::stop_gradient> {
  static void enclose(const BallStep& s) { arb_set(s.z(), s.a()); }
  static void enclose_edge(const EdgeStep& s) { s.becomes(s.first().special); }
  static void differentiate(const SlopeStep&) {}
  static void propagate(SensitivityStep& s) { s.pass_whole(s.n.a, 1); }
  static Known exact(const ExactStep& s) { return s.a(); }
  template <class Number>
  static void point(const PointStep<Number>& s) {
    s.z = s.a();
  }
  template <class Number>
  static void point_edge(const PointStep<Number>& s) {
    s.state = s.state_of(s.n.a);
  }
};

}  // namespace assay::reference
