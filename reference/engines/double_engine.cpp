#include "reference/engines/double_engine.hpp"

#include <utility>

#include "reference/graph/operations/double_operations.hpp"

namespace assay::reference {
namespace {

DoubleBall enclosed(const DoubleStep& step) {
  const OperationFacts& facts = facts_of(step.n.op);
  switch (facts.arity) {
    case Arity::leaf:
      break;
    case Arity::unary:
      if (!step.a().known()) return DoubleBall::unknown();
      break;
    case Arity::binary:
      if ((facts.drops != Drops::nothing && step.a().zero()) ||
          (facts.drops == Drops::by_either && step.b().zero()))
        return {};
      if (!step.a().known() || !step.b().known()) return DoubleBall::unknown();
      break;
    case Arity::several:
      for (std::int32_t k = 0; k < step.n.b && !facts.selects; ++k)
        if (!step.value(step.operand(k)).known()) return DoubleBall::unknown();
      break;
  }
  return visit(step.n.op, [&]<Op op>() { return DoubleOperation<op>::enclose(step); });
}

// What is not known stays so beside a distance of 0: whether it is infinite, Arb is asked.
DoubleBall size_of(const DoubleBall& distance, const DoubleBall& adjoint) {
  return double_ball::abs(double_ball::product(distance, adjoint));
}

}  // namespace

DoubleEngine::DoubleEngine(const Graph& graph)
    : graph_(graph),
      values_(graph.nodes.size(), {}),
      parts_(graph.nodes.size(), Part::none),
      adjoints_(graph.nodes.size()) {
  distances_->resize(graph.nodes.size());
  for (const std::int32_t node : graph.marked) parts_[node] = Part::marked;
  for (const std::int32_t node : graph.counted) parts_[node] = Part::counted;
}

void DoubleEngine::evaluate(std::span<const std::int32_t> nodes) {
  for (const std::int32_t node : nodes)
    values_[node] = enclosed({graph_, graph_.nodes[static_cast<std::size_t>(node)], values_.data()});
}

void DoubleEngine::measure_from(std::int32_t leaf, double x, double origin) {
  parts_[leaf] = Part::input;
  distances_[leaf] = double_ball::abs(double_ball::sub({x, 0}, {origin, 0}));
}

DoubleBall DoubleEngine::sensitivity(std::span<const std::int32_t> from_node_down) {
  DoubleBall inputs, marks;
  adjoints_.give(from_node_down.front(), {1, 0});
  for (const std::int32_t node : from_node_down) {
    if (!adjoints_.touched(node)) continue;
    adjoints_.clear(node);
    const DoubleBall adjoint = adjoints_.ball(node);
    switch (parts_[node]) {
      case Part::none:
        break;
      case Part::input:
        inputs = double_ball::add(inputs, size_of(distances_[node], adjoint));
        break;
      case Part::marked:
        marks = double_ball::add(marks, size_of(values_[node], adjoint));
        break;
      case Part::counted:
        inputs = double_ball::add(inputs, size_of(values_[node], adjoint));
        break;
    }
    const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
    if (is_leaf(n.op)) continue;
    DoubleSlopeStep step{{graph_, n, values_.data()}, node, adjoints_, adjoint};
    visit(n.op, [&]<Op op>() { DoubleOperation<op>::propagate(step); });
  }
  return double_ball::maximum(inputs, marks);
}

}  // namespace assay::reference
