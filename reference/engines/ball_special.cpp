// Nodes with an operand that is infinite, NaN or not checked.
#include <algorithm>

#include "reference/engines/ball_engine.hpp"

namespace assay::reference {
namespace {

// A real number on the extended line: its sign, and whether it is infinite or exactly 0.
struct Extended {
  Special special;
  arb_srcptr ball;
  [[nodiscard]] bool infinite() const {
    return special == Special::plus_infinity || special == Special::minus_infinity;
  }
  [[nodiscard]] bool lost() const { return special == Special::nan || special == Special::unchecked; }
  [[nodiscard]] bool zero() const { return special == Special::none && arb_is_zero(ball); }
  /// -1, 1, 0 for exactly 0, 2 for not known at this precision.
  [[nodiscard]] int sign() const {
    if (special == Special::plus_infinity) return 1;
    if (special == Special::minus_infinity) return -1;
    if (arb_is_positive(ball)) return 1;
    if (arb_is_negative(ball)) return -1;
    return arb_is_zero(ball) ? 0 : 2;
  }
};

Special opposite(Special s) {
  if (s == Special::plus_infinity) return Special::minus_infinity;
  if (s == Special::minus_infinity) return Special::plus_infinity;
  return s;
}

}  // namespace

// Some operand is infinite, NaN or not checked. What is not settled here is a NaN, which is the contract's
// answer where no limit exists.
void BallEngine::step_special(std::int32_t node, long bits) {
  const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
  arb_ptr z = values_ + node;
  Special& result = specials_[static_cast<std::size_t>(node)];
  auto operand = [&](std::int32_t i) { return Extended{special(i), ball(i)}; };

  if (n.op == Op::where) {
    const std::int32_t* o = graph_.operands.data() + n.a;
    const Extended left = operand(o[0]), right = operand(o[1]);
    if (left.lost() || right.lost()) {
      result = Special::nan;
      return;
    }
    bool first = false, decided = true;
    if (left.infinite() || right.infinite()) {
      first = left.special == Special::minus_infinity || right.special == Special::plus_infinity;
    } else {
      first = arb_le(left.ball, right.ball);
      decided = first || arb_gt(left.ball, right.ball);
    }
    if (!decided) {
      arb_zero_pm_inf(z);
      return;
    }
    const std::int32_t taken = first ? o[2] : o[3];
    result = special(taken);
    arb_set(z, ball(taken));
    return;
  }

  if (n.op == Op::weigh || n.op == Op::chain || n.op == Op::xlogy || n.op == Op::divergence) {
    if (operand(n.a).zero() || (n.op == Op::chain && operand(n.b).zero())) {
      arb_zero(z);
      return;
    }
  }

  bool nan = false, unchecked = false;
  graph_.each_operand(node, [&](std::int32_t o) {
    nan |= special(o) == Special::nan;
    unchecked |= special(o) == Special::unchecked;
  });
  if (nan || unchecked) {
    result = unchecked ? Special::unchecked : Special::nan;
    return;
  }

  // From here on some operand is infinite and none is lost.
  result = Special::nan;
  const Extended a = is_nary(n.op) ? Extended{Special::none, nullptr} : operand(n.a);
  const Extended b = !is_nary(n.op) && n.b >= 0 ? operand(n.b) : Extended{Special::none, nullptr};
  auto finite = [&](slong value) {
    result = Special::none;
    arb_set_si(z, value);
  };
  auto product = [&](const Extended& u, const Extended& v) {
    if (u.sign() == 2 || v.sign() == 2) {
      result = Special::none;
      arb_zero_pm_inf(z);
    } else if (u.sign() != 0 && v.sign() != 0) {
      result = infinity_of(u.sign() * v.sign());
    }
  };
  switch (n.op) {
    case Op::add:
      if (!(a.infinite() && b.infinite() && a.special != b.special))
        result = a.infinite() ? a.special : b.special;
      break;
    case Op::sub:
      if (!(a.infinite() && b.infinite() && a.special == b.special))
        result = a.infinite() ? a.special : opposite(b.special);
      break;
    case Op::mul:
    case Op::weigh:
    case Op::chain:
      product(a, b);
      break;
    case Op::div:
    case Op::unit:
    case Op::normal:
    case Op::mean:
      if (!a.infinite()) {
        finite(0);
      } else if (!b.infinite()) {
        if (b.zero())
          result = a.special;
        else
          product(a, b);
      }
      break;
    case Op::mean_slope:
    case Op::normal_slope:
      finite(0);
      break;
    case Op::neg:
      result = opposite(a.special);
      break;
    case Op::stop_gradient:
      result = a.special;
      break;
    case Op::exp:
      if (a.special == Special::plus_infinity)
        result = a.special;
      else
        finite(0);
      break;
    case Op::log:
    case Op::sqrt:
      if (a.special == Special::plus_infinity) result = a.special;
      break;
    case Op::cosh:
    case Op::abs:
      result = Special::plus_infinity;
      break;
    case Op::sinh:
      result = a.special;
      break;
    case Op::sign:
      finite(a.sign());
      break;
    case Op::step:
      finite(a.sign() > 0 ? 1 : 0);
      break;
    case Op::positive:
      if (a.special == Special::plus_infinity)
        result = a.special;
      else
        finite(0);
      break;
    case Op::norm:
      result = Special::plus_infinity;
      break;
    case Op::power:
      if (b.infinite() || a.special == Special::minus_infinity) break;  // no formula asks
      if (b.sign() == 2)
        result = Special::none, arb_zero_pm_inf(z);
      else if (b.sign() > 0)
        result = a.special;
      else
        finite(b.sign() == 0 ? 1 : 0);
      break;
    case Op::maximum: {
      bool top = false, some_finite = false;
      for (std::int32_t k = 0; k < n.b; ++k) {
        const Extended x = operand(graph_.operands[static_cast<std::size_t>(n.a + k)]);
        top |= x.special == Special::plus_infinity;
        if (x.infinite()) continue;
        if (some_finite)
          arb_max(z, z, x.ball, bits);
        else
          arb_set(z, x.ball);
        some_finite = true;
      }
      result = top ? Special::plus_infinity : some_finite ? Special::none : Special::minus_infinity;
      break;
    }
    default:
      break;  // xlogy, divergence, log_ratio of infinities do not occur: their operands are in [0, 1]
  }
}

}  // namespace assay::reference
