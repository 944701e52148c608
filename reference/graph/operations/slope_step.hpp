// What an operation is given to record its derivative: Operation<...>::differentiate.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/graph/real.hpp"

namespace assay::reference {

/// One node of the reverse sweep. The chain rule multiplies by weigh: a derivative that is exactly 0, because
/// a cotangent, a target or a weight is, drops what lies behind it, infinities and NaN included (contract,
/// section 1, special numbers, 3).
struct SlopeStep {
  Graph& graph;
  std::vector<Real>& adjoints;
  Node n;     ///< a copy: recording moves the graph's nodes
  Real self;  ///< the node
  Real s;     ///< the derivative of the outputs by it

  [[nodiscard]] Real a() const { return Real::at(n.a); }
  [[nodiscard]] Real b() const { return Real::at(n.b); }
  [[nodiscard]] Real operand(std::int32_t k) const {
    return Real::at(graph.operands[static_cast<std::size_t>(n.a + k)]);
  }
  /// Records an operation that formulas have no function for.
  [[nodiscard]] Real add(Op op, Real first, Real second = Real::at(-1), std::int64_t whole = 0) const {
    return graph.add(op, first.index(), second.index(), whole);
  }
  void give(Real node, Real more) const {
    Real& adjoint = adjoints[static_cast<std::size_t>(node.index())];
    adjoint = adjoint.index() < 0 ? more : adjoint + more;
  }
};

}  // namespace assay::reference
