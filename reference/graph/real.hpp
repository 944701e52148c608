// What a formula computes with. A Real is a handle into a recorded graph: writing a formula records it, and
// engines evaluate the record, to any precision and as often as they like. No built-in floating-point number
// can enter: a double in a formula does not compile.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <vector>

namespace assay::reference {

enum class Op : std::uint8_t {
  whole,     // an integer
  number,    // an exact binary number: an input's or a parameter's
  stand_in,  // number * 2^whole, for an infinite input (truth/limits.hpp)
  pi,
  add,
  sub,
  mul,
  div,
  neg,
  exp,
  log,
  sqrt,
  cosh,
  sinh,
  cos,
  sin,
  abs,
  sign,           // abs's slope: -1, 0, 1; anything between at 0
  positive,       // max(0, x)
  step,           // its slope: 0 up to and with 0, then 1; anything between at 0
  maximum,        // of several
  share,          // its slope in one of them: ties share equally
  norm,           // Euclidean, of several
  unit,           // its slope in one of them, first / second: 0 at the origin, anything in [-1, 1] there
  where,          // third if first <= second, else fourth
  weigh,          // first * second; a first that is exactly 0 drops the second, whatever it is
  chain,          // first * second; either that is exactly 0 drops the other
  xlogy,          // x log y; 0 where x is 0
  divergence,     // p log(p/q); 0 where p is 0, +inf where only q is
  log_ratio,      // log(p/q); +inf where q is 0, else -inf where p is
  mean,           // first / second; NaN where the second is 0
  mean_slope,     // 1 / first; not checked where it is 0
  normal,         // first / second, the second a norm; 0 where it is 0
  normal_slope,   // 1 / first; not checked where it is 0
  power,          // first ^ second, the first >= 0; 0^0 is 1
  stop_gradient,  // the operand, as a constant: it has no derivative
  overlap         // first / second, the second never less; 1 where both are 0
};

struct Node {
  Op op;
  std::int32_t a = -1, b = -1;  // operands; for an n-ary node first and count in Graph::operands
  std::int64_t whole = 0;       // Op::whole; which operand for share; 1 for a parameter's number
  double number = 0;            // Op::number, Op::stand_in
};

constexpr bool is_nary(Op op) { return op == Op::maximum || op == Op::norm || op == Op::where; }
constexpr bool is_leaf(Op op) {
  return op == Op::whole || op == Op::number || op == Op::stand_in || op == Op::pi;
}
/// The slopes of kinks: at the kink any member of a set is right.
constexpr bool is_kink_slope(Op op) {
  return op == Op::sign || op == Op::step || op == Op::share || op == Op::unit;
}

class Graph;

class Real {
 public:
  Real() = default;
  template <std::integral I>
  Real(I whole) : Real(from_whole(static_cast<std::int64_t>(whole))) {}  // NOLINT: 2 * x reads like the paper
  template <std::floating_point F>
  Real(F) = delete;  // a formula computes with exact numbers only

  [[nodiscard]] std::int32_t index() const { return index_; }
  static Real at(std::int32_t index) {
    Real r;
    r.index_ = index;
    return r;
  }

 private:
  static Real from_whole(std::int64_t whole);
  std::int32_t index_ = -1;
};

using Vector = std::vector<Real>;

/// A record of formulas. One is current in each thread while a Recording of it lives.
class Graph {
 public:
  std::vector<Node> nodes;
  std::vector<std::int32_t> operands;  // of n-ary nodes
  std::vector<std::int32_t> marked;    // intermediate numbers that a sensitivity must not fall below
  std::vector<std::int32_t> counted;   // differences that a sensitivity counts in place of their inputs

  Real add(Op op, std::int32_t a = -1, std::int32_t b = -1, std::int64_t whole = 0, double number = 0) {
    nodes.push_back({op, a, b, whole, number});
    return Real::at(static_cast<std::int32_t>(nodes.size()) - 1);
  }
  Real add(Op op, const Vector& several);
  /// Calls visit(operand) for each operand of a node.
  template <class Visit>
  void each_operand(std::int32_t node, Visit&& visit) const {
    const Node& n = nodes[static_cast<std::size_t>(node)];
    if (is_leaf(n.op)) return;
    if (is_nary(n.op)) {
      for (std::int32_t i = 0; i < n.b; ++i) visit(operands[static_cast<std::size_t>(n.a + i)]);
      return;
    }
    visit(n.a);
    if (n.b >= 0) visit(n.b);
  }
  /// Whether two nodes are the same expression of the same numbers, so that their difference is exactly 0.
  [[nodiscard]] bool identical(std::int32_t a, std::int32_t b, int depth = 64) const;

  static Graph& current();
};

/// Flags of the roots and of every node that they are computed from.
std::vector<std::uint8_t> needed_for(const Graph& graph, std::span<const std::int32_t> roots);

/// Makes a graph the current one of its thread, for as long as it lives.
class Recording {
 public:
  explicit Recording(Graph& graph);
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

 private:
  Graph* before_;
};

Real operator+(Real a, Real b);
Real operator-(Real a, Real b);
Real operator*(Real a, Real b);
Real operator/(Real a, Real b);
Real operator-(Real a);
Real exp(Real x);
Real log(Real x);
Real sqrt(Real x);
Real cosh(Real x);
Real cos(Real x);
Real sin(Real x);
Real power(Real base, Real exponent);  ///< base >= 0; 0^0 = 1, and 0 to a negative power is +inf
Real abs(Real x);
Real pi();

/// A condition of `where`.
struct AtMost {
  Real left, right;
};
inline AtMost operator<=(Real left, Real right) { return {left, right}; }
/// The pieces must meet, value and slope, where the condition turns: no kink is recorded there.
Real where(AtMost condition, Real then, Real otherwise);

Real positive_part(Real x);           ///< max(0, x)
Real maximum(const Vector& several);  ///< at least one
Real minimum(const Vector& several);
Real norm(const Vector& v);  ///< Euclidean
Real sum(const Vector& v);   ///< 0 for none
Real dot(const Vector& a, const Vector& b);
Vector log_softmax(const Vector& x);  ///< log(e^{x_c} / sum_k e^{x_k})
Vector normalized(const Vector& v);   ///< v / norm(v); 0 for the zero vector, whose gradient is not checked
Real cosine(const Vector& a,
            const Vector& b);  ///< of the angle between them; 0 with the zero vector, as above
Real stop_gradient(Real x);    ///< x, which no derivative passes
Real overlap(Real shared,
             Real all);  ///< shared / all >= shared >= 0; 0/0 = 1, where the gradient is not checked

/// x - y of two inputs that the formula meets in such differences alone: errors are measured from the other
/// side. Their record says Origin::counted.
Real difference(Real x, Real y);
Real weigh(Real coefficient, Real term);  ///< their product; a coefficient that is exactly 0 drops the term
/// The same for a term that is recorded only where the coefficient is not a constant 0.
template <std::invocable Term>
Real weigh(Real coefficient, Term&& term);
bool is_zero_constant(Real x);
Real xlogy(Real x, Real y);              ///< x log y, 0 log anything = 0
Real divergence_term(Real p, Real q);    ///< p log(p/q), with 0 log(0/q) = 0 and p log(p/0) = +inf
Real mean_of(Real total, Real divisor);  ///< total / divisor; NaN where the divisor is 0
Real mark(Real x);                       ///< x, remembered as a number that errors are measured from

template <std::invocable Term>
Real weigh(Real coefficient, Term&& term) {
  return is_zero_constant(coefficient) ? Real(0) : weigh(coefficient, static_cast<Real>(term()));
}

}  // namespace assay::reference
