// What an operation is given to enclose its result in a ball of doubles, and to hand a sensitivity down in
// them: DoubleOperation<...>::enclose and ::propagate.
#pragma once

#include <cstddef>
#include <cstdint>

#include "reference/graph/real.hpp"
#include "reference/graph/recycled.hpp"
#include "reference/numbers/double_ball.hpp"

namespace assay::reference {

/// One node, all of whose operands are known, but for operations that drop or select some.
struct DoubleStep {
  const Graph& graph;
  const Node& n;
  const DoubleBall* values;

  [[nodiscard]] const DoubleBall& value(std::int32_t node) const { return values[node]; }
  [[nodiscard]] const DoubleBall& a() const { return values[n.a]; }
  [[nodiscard]] const DoubleBall& b() const { return values[n.b]; }
  [[nodiscard]] std::int32_t operand(std::int32_t k) const {
    return graph.operands[static_cast<std::size_t>(n.a + k)];
  }
};

/// The derivative of one number by every node below it, of few nodes at a time.
class DoubleAdjoints {
 public:
  explicit DoubleAdjoints(std::size_t nodes) : touched_(nodes, 0), balls_(nodes, {}) {}
  [[nodiscard]] bool touched(std::int32_t node) const { return touched_[node] != 0; }
  [[nodiscard]] const DoubleBall& ball(std::int32_t node) const { return balls_[node]; }
  void give(std::int32_t node, const DoubleBall& more) {
    balls_[node] = touched(node) ? double_ball::add(balls_[node], more) : more;
    touched_[node] = 1;
  }
  void clear(std::int32_t node) { touched_[node] = 0; }

 private:
  Recycled<std::uint8_t> touched_;
  Recycled<DoubleBall> balls_;
};

/// One node of the reverse sweep. What is not known stays unknown all the way down, and an infinite
/// derivative is nothing that a ball of doubles knows.
struct DoubleSlopeStep : DoubleStep {
  std::int32_t node;
  DoubleAdjoints& adjoints;
  DoubleBall adjoint;  ///< by the node

  [[nodiscard]] const DoubleBall& z() const { return values[node]; }

  void pass(std::int32_t to, const DoubleBall& derivative) {
    if (!derivative.zero()) adjoints.give(to, double_ball::product(adjoint, derivative));
  }
  void pass_whole(std::int32_t to, int derivative) {
    adjoints.give(to, derivative < 0 ? double_ball::negated(adjoint) : adjoint);
  }
  void pass_unknown(std::int32_t to) { adjoints.give(to, DoubleBall::unknown()); }
  /// A factor that is infinite or lost passes no derivative of 0.
  void pass_value(std::int32_t to, std::int32_t factor) {
    if (!adjoint.zero()) pass(to, value(factor));
  }
  void pass_inverse(std::int32_t to, const DoubleBall& of, bool negated = false) {
    pass(to, double_ball::div({negated ? -1. : 1., 0}, of));
  }
  /// Of z = a / b: by both operands.
  void pass_quotient() {
    pass_inverse(n.a, b());
    pass(n.b, double_ball::negated(double_ball::div(z(), b())));
  }
};

}  // namespace assay::reference
