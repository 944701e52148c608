// A recorded graph evaluated in balls of doubles (numbers/double_ball.hpp), and the sensitivities of its
// nodes in them: the first look at a case, which Arb takes over wherever it does not decide.
#pragma once

#include <cstdint>
#include <span>

#include "reference/graph/descent.hpp"
#include "reference/graph/operations/double_step.hpp"
#include "reference/graph/real.hpp"
#include "reference/graph/recycled.hpp"
#include "reference/numbers/double_ball.hpp"

namespace assay::reference {

class DoubleEngine {
 public:
  explicit DoubleEngine(const Graph& graph);

  /// Evaluates these nodes, each after its operands. What is infinite, NaN or not checked is unknown here.
  void evaluate(std::span<const std::int32_t> nodes);
  [[nodiscard]] const DoubleBall& ball(std::int32_t node) const { return values_[node]; }

  /// |x - origin| of an input's leaf; a leaf without is left out.
  void measure_from(std::int32_t leaf, double x, double origin);
  /// A of a node, given what it is computed from, itself first (descent.hpp): as Sensitivity's, in these
  /// balls.
  [[nodiscard]] DoubleBall sensitivity(std::span<const std::int32_t> from_node_down);

 private:
  /// What a node is to a sensitivity.
  enum class Part : std::uint8_t { none, input, marked, counted };

  const Graph& graph_;
  Recycled<DoubleBall> values_;
  Recycled<Part> parts_;
  Recycled<DoubleBall> distances_;  // of inputs
  DoubleAdjoints adjoints_;
};

}  // namespace assay::reference
