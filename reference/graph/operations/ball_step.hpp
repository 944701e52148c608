// What an operation is given to enclose its result in a ball: Operation<...>::enclose and ::enclose_edge.
#pragma once

#include <cstdint>

#include "reference/graph/real.hpp"
#include "reference/numbers/arb.hpp"

namespace assay::reference {

/// What a node is, when it is not a real number in a ball.
enum class Special : std::uint8_t { none, plus_infinity, minus_infinity, nan, unchecked };
inline Special infinity_of(int sign) { return sign > 0 ? Special::plus_infinity : Special::minus_infinity; }
inline Special opposite(Special s) {
  if (s == Special::plus_infinity) return Special::minus_infinity;
  if (s == Special::minus_infinity) return Special::plus_infinity;
  return s;
}

/// Which member of a kink's set of slopes an evaluation takes, exactly at the kink.
enum class AtKink : std::uint8_t {
  constructive,  ///< abs'(0) = 0, max(0,.)'(0) = 0, the norm's 0, ties share equally
  largest,       ///< the member of largest size
};

/// A number of the extended line: whether it is infinite or exactly 0, and its sign.
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

/// The balls of a graph: a node is `specials[node]` or, where that is none, a real number in `values + node`.
struct Balls {
  const Graph& graph;
  arb_ptr values;
  Special* specials;

  [[nodiscard]] arb_srcptr ball(std::int32_t node) const { return values + node; }
  [[nodiscard]] Special special(std::int32_t node) const { return specials[node]; }
  [[nodiscard]] Extended extended(std::int32_t node) const { return {special(node), ball(node)}; }
};

/// One node, all of whose operands are real numbers in balls. It is a real number unless `becomes` says else.
struct BallStep : Balls {
  std::int32_t node;
  const Node& n;
  long bits;
  AtKink at_kink = AtKink::constructive;

  [[nodiscard]] arb_ptr z() const { return values + node; }
  [[nodiscard]] arb_srcptr a() const { return values + n.a; }
  [[nodiscard]] arb_srcptr b() const { return values + n.b; }
  [[nodiscard]] std::int32_t operand(std::int32_t k) const {
    return graph.operands[static_cast<std::size_t>(n.a + k)];
  }
  [[nodiscard]] bool largest() const { return at_kink == AtKink::largest; }
  void becomes(Special s) const { specials[node] = s; }
};

/// One node, some of whose operands are infinite and, unless the operation selects, none NaN or not checked.
/// It is NaN, the contract's answer where no limit exists, unless the operation says else.
struct EdgeStep : BallStep {
  [[nodiscard]] Extended first() const { return extended(n.a); }
  [[nodiscard]] Extended second() const { return extended(n.b); }
  void becomes_finite(slong value) const {
    becomes(Special::none);
    arb_set_si(z(), value);
  }
  /// Any number: this precision does not tell.
  void becomes_anything() const {
    becomes(Special::none);
    arb_zero_pm_inf(z());
  }
  void becomes_product(const Extended& u, const Extended& v) const {
    if (u.sign() == 2 || v.sign() == 2)
      becomes_anything();
    else if (u.sign() != 0 && v.sign() != 0)
      becomes(infinity_of(u.sign() * v.sign()));
  }
  /// first / second.
  void becomes_quotient() const {
    const Extended a = first(), b = second();
    if (!a.infinite())
      becomes_finite(0);
    else if (b.zero())
      becomes(a.special);
    else if (!b.infinite())
      becomes_product(a, b);
  }
};

}  // namespace assay::reference
