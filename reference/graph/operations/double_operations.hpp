// Every operation in balls of doubles, by the rules of Operation<op>::enclose and ::propagate beside this
// file, wherever doubles tell which rule applies; elsewhere the result is unknown, and Arb is asked.
#pragma once

#include <numbers>

#include "reference/graph/operations/double_step.hpp"

namespace assay::reference {

template <Op op>
struct DoubleOperation;

namespace double_forms {

struct Leaf {
  static void propagate(DoubleSlopeStep&) {}
};
/// Of a derivative that is 0 wherever there is one.
struct PiecewiseConstant {
  static void propagate(DoubleSlopeStep&) {}
};
struct Product {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::mul(s.a(), s.b()); }
  static void propagate(DoubleSlopeStep& s) {
    s.pass_value(s.n.a, s.n.b);
    s.pass_value(s.n.b, s.n.a);
  }
};
/// first / second, and 0 where the second is 0, whose derivative there is not looked at.
struct QuotientByNorm {
  static DoubleBall enclose(const DoubleStep& s) {
    return s.b().zero() ? DoubleBall{} : double_ball::div(s.a(), s.b());
  }
  static void propagate(DoubleSlopeStep& s) {
    if (!s.b().zero()) s.pass_quotient();
  }
};
/// 1 / first: where that is 0, it is not checked.
struct UncheckedInverse {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::div({1, 0}, s.a()); }
  static void propagate(DoubleSlopeStep& s) {
    s.pass(s.n.a, double_ball::negated(double_ball::mul(s.z(), s.z())));
  }
};

}  // namespace double_forms

template <>
struct DoubleOperation<Op::whole> : double_forms::Leaf {
  static DoubleBall enclose(const DoubleStep& s) {
    constexpr std::int64_t largest = std::int64_t{1} << 53;
    if (s.n.whole > largest || s.n.whole < -largest) return DoubleBall::unknown();
    return {static_cast<double>(s.n.whole), 0};
  }
};
template <>
struct DoubleOperation<Op::number> : double_forms::Leaf {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::settled(s.n.number, 0); }
};
template <>
struct DoubleOperation<Op::stand_in> : double_forms::Leaf {
  static DoubleBall enclose(const DoubleStep&) { return DoubleBall::unknown(); }  // beyond every double
};
template <>
struct DoubleOperation<Op::pi> : double_forms::Leaf {
  static DoubleBall enclose(const DoubleStep&) { return {std::numbers::pi, 0x1p-52}; }
};
template <>
struct DoubleOperation<Op::add> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::add(s.a(), s.b()); }
  static void propagate(DoubleSlopeStep& s) {
    s.pass_whole(s.n.a, 1);
    s.pass_whole(s.n.b, 1);
  }
};
template <>
struct DoubleOperation<Op::sub> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::sub(s.a(), s.b()); }
  static void propagate(DoubleSlopeStep& s) {
    s.pass_whole(s.n.a, 1);
    s.pass_whole(s.n.b, -1);
  }
};
template <>
struct DoubleOperation<Op::mul> : double_forms::Product {};
template <>
struct DoubleOperation<Op::div> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::div(s.a(), s.b()); }
  static void propagate(DoubleSlopeStep& s) { s.pass_quotient(); }
};
template <>
struct DoubleOperation<Op::neg> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::negated(s.a()); }
  static void propagate(DoubleSlopeStep& s) { s.pass_whole(s.n.a, -1); }
};
template <>
struct DoubleOperation<Op::stop_gradient> {
  static DoubleBall enclose(const DoubleStep& s) { return s.a(); }
  static void propagate(DoubleSlopeStep& s) { s.pass_whole(s.n.a, 1); }
};
template <>
struct DoubleOperation<Op::exp> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::exp(s.a()); }
  static void propagate(DoubleSlopeStep& s) { s.pass_value(s.n.a, s.node); }
};
template <>
struct DoubleOperation<Op::log> {
  static DoubleBall enclose(const DoubleStep& s) {
    // log(1 + x) has all of x's digits, however small x is beside the 1.
    const Node& sum = s.graph.nodes[static_cast<std::size_t>(s.n.a)];
    if (sum.op == Op::add) {
      const Node& first = s.graph.nodes[static_cast<std::size_t>(sum.a)];
      if (first.op == Op::whole && first.whole == 1) return double_ball::log1p(s.value(sum.b));
    }
    return double_ball::log(s.a());
  }
  static void propagate(DoubleSlopeStep& s) { s.pass_inverse(s.n.a, s.a()); }
};
template <>
struct DoubleOperation<Op::sqrt> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::sqrt(s.a()); }
  static void propagate(DoubleSlopeStep& s) { s.pass_inverse(s.n.a, {2 * s.z().mid, 2 * s.z().rad}); }
};
template <>
struct DoubleOperation<Op::cosh> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::cosh(s.a()); }
  static void propagate(DoubleSlopeStep& s) { s.pass(s.n.a, double_ball::sinh(s.a())); }
};
template <>
struct DoubleOperation<Op::sinh> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::sinh(s.a()); }
  static void propagate(DoubleSlopeStep& s) { s.pass(s.n.a, double_ball::cosh(s.a())); }
};
template <>
struct DoubleOperation<Op::cos> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::cos(s.a()); }
  static void propagate(DoubleSlopeStep& s) { s.pass(s.n.a, double_ball::negated(double_ball::sin(s.a()))); }
};
template <>
struct DoubleOperation<Op::sin> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::sin(s.a()); }
  static void propagate(DoubleSlopeStep& s) { s.pass(s.n.a, double_ball::cos(s.a())); }
};
template <>
struct DoubleOperation<Op::power> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::pow(s.a(), s.b()); }
  static void propagate(DoubleSlopeStep& s) {
    if (s.b().zero()) return;
    if (!s.a().positive()) {  // the slope at 0 is the one-sided one
      s.pass_unknown(s.n.a);
      return;
    }
    s.pass(s.n.b, double_ball::mul(double_ball::log(s.a()), s.z()));
    s.pass(s.n.a, double_ball::mul(double_ball::div(s.z(), s.a()), s.b()));
  }
};
template <>
struct DoubleOperation<Op::abs> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::abs(s.a()); }
  static void propagate(DoubleSlopeStep& s) {
    const int sign = double_ball::sign(s.a());
    if (sign == 2)
      s.pass_unknown(s.n.a);
    else
      s.pass_whole(s.n.a, sign < 0 ? -1 : 1);
  }
};
template <>
struct DoubleOperation<Op::sign> : double_forms::PiecewiseConstant {
  static DoubleBall enclose(const DoubleStep& s) {
    const int sign = double_ball::sign(s.a());
    return sign == 2 ? DoubleBall::unknown() : DoubleBall{static_cast<double>(sign), 0};
  }
};
template <>
struct DoubleOperation<Op::positive> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::positive_part(s.a()); }
  static void propagate(DoubleSlopeStep& s) {
    const int sign = double_ball::sign(s.a());
    if (sign == 2)
      s.pass_unknown(s.n.a);
    else if (sign >= 0)
      s.pass_whole(s.n.a, 1);
  }
};
template <>
struct DoubleOperation<Op::step> : double_forms::PiecewiseConstant {
  static DoubleBall enclose(const DoubleStep& s) {
    const int sign = double_ball::sign(s.a());
    return sign == 2 ? DoubleBall::unknown() : DoubleBall{sign > 0 ? 1. : 0., 0};
  }
};
template <>
struct DoubleOperation<Op::maximum> {
  static DoubleBall enclose(const DoubleStep& s) {
    DoubleBall most = s.value(s.operand(0));
    for (std::int32_t k = 1; k < s.n.b; ++k) most = double_ball::maximum(most, s.value(s.operand(k)));
    return most;
  }
  static void propagate(DoubleSlopeStep& s) {
    for (std::int32_t k = 0; k < s.n.b; ++k) {
      bool certain = true, wins = true;
      for (std::int32_t j = 0; j < s.n.b && wins; ++j) {
        if (j == k) continue;
        const int order = double_ball::compare(s.value(s.operand(k)), s.value(s.operand(j)));
        certain &= order != 2;
        wins = order >= 0;
      }
      if (!wins) continue;
      if (certain)
        s.pass_whole(s.operand(k), 1);
      else
        s.pass_unknown(s.operand(k));
    }
  }
};
template <>
struct DoubleOperation<Op::share> : double_forms::PiecewiseConstant {
  static DoubleBall enclose(const DoubleStep& s) {
    const Node& top = s.graph.nodes[static_cast<std::size_t>(s.n.a)];
    const std::int32_t* others = s.graph.operands.data() + top.a;
    const DoubleBall& self = s.value(others[s.n.whole]);
    bool certain = true;
    int ties = 0;
    for (std::int32_t k = 0; k < top.b; ++k) {
      const int order = k == s.n.whole ? 0 : double_ball::compare(self, s.value(others[k]));
      if (order < 0) return {};
      certain &= order != 2;
      ties += order == 0;
    }
    return certain ? double_ball::div({1, 0}, {static_cast<double>(ties), 0}) : DoubleBall::unknown();
  }
};
template <>
struct DoubleOperation<Op::where> {
  /// Which of the two is taken; -1 where the balls do not tell.
  static std::int32_t taken(const DoubleStep& s) {
    const int order = double_ball::compare(s.value(s.operand(0)), s.value(s.operand(1)));
    return order == 2 ? -1 : s.operand(order <= 0 ? 2 : 3);
  }
  static DoubleBall enclose(const DoubleStep& s) {
    const std::int32_t which = taken(s);
    return which < 0 ? DoubleBall::unknown() : s.value(which);
  }
  static void propagate(DoubleSlopeStep& s) {
    if (const std::int32_t which = taken(s); which >= 0) {
      s.pass_whole(which, 1);
    } else {
      s.pass_unknown(s.operand(2));
      s.pass_unknown(s.operand(3));
    }
  }
};
template <>
struct DoubleOperation<Op::norm> {
  static DoubleBall enclose(const DoubleStep& s) {
    DoubleBall squares;
    for (std::int32_t k = 0; k < s.n.b; ++k) {
      const DoubleBall& x = s.value(s.operand(k));
      squares = double_ball::add(squares, double_ball::mul(x, x));
    }
    return double_ball::sqrt(squares);
  }
  static void propagate(DoubleSlopeStep& s) {
    for (std::int32_t k = 0; k < s.n.b; ++k)
      s.pass(s.operand(k), s.z().zero() ? DoubleBall{1, 0} : double_ball::div(s.value(s.operand(k)), s.z()));
  }
};
template <>
struct DoubleOperation<Op::unit> : double_forms::QuotientByNorm {};
template <>
struct DoubleOperation<Op::normal> : double_forms::QuotientByNorm {};
template <>
struct DoubleOperation<Op::normal_slope> : double_forms::UncheckedInverse {};
template <>
struct DoubleOperation<Op::overlap> {
  static DoubleBall enclose(const DoubleStep& s) {
    return s.b().zero() ? DoubleBall{1, 0} : double_ball::div(s.a(), s.b());
  }
  static void propagate(DoubleSlopeStep& s) { double_forms::QuotientByNorm::propagate(s); }
};
template <>
struct DoubleOperation<Op::mean> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::div(s.a(), s.b()); }
  static void propagate(DoubleSlopeStep& s) { s.pass_quotient(); }
};
template <>
struct DoubleOperation<Op::mean_slope> : double_forms::UncheckedInverse {};
template <>
struct DoubleOperation<Op::weigh> : double_forms::Product {};
template <>
struct DoubleOperation<Op::chain> : double_forms::Product {};
template <>
struct DoubleOperation<Op::xlogy> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::mul(s.a(), double_ball::log(s.b())); }
  static void propagate(DoubleSlopeStep& s) {
    s.pass(s.n.a, double_ball::log(s.b()));
    s.pass(s.n.b, double_ball::div(s.a(), s.b()));
  }
};
template <>
struct DoubleOperation<Op::log_ratio> {
  static DoubleBall enclose(const DoubleStep& s) { return double_ball::log(double_ball::div(s.a(), s.b())); }
  static void propagate(DoubleSlopeStep& s) {
    s.pass_inverse(s.n.a, s.a());
    s.pass_inverse(s.n.b, s.b(), true);
  }
};
template <>
struct DoubleOperation<Op::divergence> {
  static DoubleBall enclose(const DoubleStep& s) {
    return double_ball::mul(s.a(), double_ball::log(double_ball::div(s.a(), s.b())));
  }
  static void propagate(DoubleSlopeStep& s) {
    const DoubleBall ratio = double_ball::div(s.a(), s.b());
    s.pass(s.n.a, double_ball::add(double_ball::log(ratio), {1, 0}));
    s.pass(s.n.b, double_ball::negated(ratio));
  }
};

}  // namespace assay::reference
