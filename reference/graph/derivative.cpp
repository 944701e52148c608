#include "reference/graph/derivative.hpp"

#include "reference/graph/operations/operations.hpp"

namespace assay::reference {

std::vector<Real> differentiate(Graph& graph, std::span<const std::pair<Real, Real>> outputs_and_seeds) {
  const std::size_t size = graph.nodes.size();
  std::vector<Real> adjoints(size);
  for (const auto& [output, seed] : outputs_and_seeds) {
    Real& adjoint = adjoints[static_cast<std::size_t>(output.index())];
    adjoint = adjoint.index() < 0 ? seed : adjoint + seed;
  }
  for (std::size_t i = size; i-- > 0;) {
    if (adjoints[i].index() < 0) continue;
    const SlopeStep step{graph, adjoints, graph.nodes[i], Real::at(static_cast<std::int32_t>(i)),
                         adjoints[i]};
    visit(step.n.op, [&]<Op op>() { Operation<op>::differentiate(step); });
  }
  return adjoints;
}

}  // namespace assay::reference
