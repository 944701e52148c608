#include "reference/engines/exact_engine.hpp"

#include <vector>

#include "reference/graph/operations/operations.hpp"

namespace assay::reference {
namespace {

Known evaluate(const Graph& graph, std::int32_t root) {
  std::vector<Known> values(graph.nodes.size());
  const std::vector<std::uint8_t> needed = needed_for(graph, {{root}});
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (!needed[i]) continue;
    const Node& n = graph.nodes[i];
    const ExactStep step{graph, n, values};
    try {
      values[i] = visit(n.op, [&]<Op op>() -> Known { return Operation<op>::exact(step); });
    } catch (const FormTooLong&) {
      values[i].reset();
    }
  }
  return values[static_cast<std::size_t>(root)];
}

}  // namespace

std::optional<ExactFraction> exact_fraction(const Graph& graph, std::int32_t node) try {
  const Known known = evaluate(graph, node);
  if (!known) return std::nullopt;
  if (const auto fraction = known->fraction()) return ExactFraction{fraction->str(), 0};
  if (const auto hugged = known->hugged()) return ExactFraction{hugged->first.str(), hugged->second};
  return std::nullopt;
} catch (const FormTooLong&) {
  return std::nullopt;
}

}  // namespace assay::reference
