#include "reference/engines/exact_engine.hpp"

#include <vector>

#include "reference/graph/descent.hpp"
#include "reference/graph/operations/operations.hpp"

namespace assay::reference {
namespace {

Known evaluate(const ExactStep& step) try {
  return visit(step.n.op, [&]<Op op>() -> Known { return Operation<op>::exact(step); });
} catch (const FormTooLong&) {
  return std::nullopt;
}

std::optional<ExactFraction> fraction_of(const Known& known) try {
  if (!known) return std::nullopt;
  if (const auto fraction = known->fraction()) return ExactFraction{fraction->str(), 0};
  if (const auto hugged = known->hugged()) return ExactFraction{hugged->first.str(), hugged->second};
  return std::nullopt;
} catch (const FormTooLong&) {
  return std::nullopt;
}

}  // namespace

std::vector<std::optional<ExactFraction>> exact_fractions(const Graph& graph,
                                                          std::span<const std::int32_t> nodes) {
  std::vector<std::optional<ExactFraction>> result;
  if (nodes.empty()) return result;
  std::vector<Known> values(graph.nodes.size());
  Descent descent(graph);
  for (const std::int32_t node : descent.towards(nodes)) {
    const auto i = static_cast<std::size_t>(node);
    values[i] = evaluate({graph, graph.nodes[i], values});
  }
  for (const std::int32_t node : nodes) result.push_back(fraction_of(values[static_cast<std::size_t>(node)]));
  return result;
}

}  // namespace assay::reference
