// The reverse sweep, recorded: gradients are formulas too, and whatever evaluates a value evaluates them.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "reference/graph/real.hpp"

namespace assay::reference {

/// Records the derivative of sum_k seed_k output_k with respect to every node, and returns it node by node;
/// an entry with index -1 is a structural zero. The graph must be the current one.
std::vector<Real> differentiate(Graph& graph, std::span<const std::pair<Real, Real>> outputs_and_seeds);

}  // namespace assay::reference
