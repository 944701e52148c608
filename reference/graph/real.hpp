// What a formula computes with. A Real is a handle into a recorded graph: writing a formula records it, and
// engines evaluate the record, to any precision and as often as they like. No built-in floating-point number
// can enter: a double in a formula does not compile.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <vector>

#include "reference/graph/operation.hpp"

namespace assay::reference {

struct Node {
  Op op;
  std::int32_t a = -1, b = -1;  // operands; for an n-ary node first and count in Graph::operands
  std::int64_t whole = 0;       // Op::whole; which operand for share; 1 for a parameter's number
  double number = 0;            // Op::number, Op::stand_in
};

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
    if (has_several_operands(n.op)) {
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
