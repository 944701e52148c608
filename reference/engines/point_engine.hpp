// The same graph, evaluated by a number type of Boost.Multiprecision: one
// number a node, no enclosure. It shares with the balls the record of the
// formula and nothing else. Include from one source file a number type.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "reference/engines/point_engines.hpp"
#include "reference/graph/operations/operations.hpp"
#include "reference/graph/real.hpp"

namespace assay::reference {

template <class Number>
class PointEngine {
 public:
  explicit PointEngine(const Graph& graph)
      : graph_(graph), values_(graph.nodes.size()), states_(graph.nodes.size(), PointState::number) {}

  std::vector<Point> evaluate(std::span<const std::int32_t> roots) {
    const std::vector<std::uint8_t> needed = needed_for(graph_, roots);
    for (std::size_t i = 0; i < needed.size(); ++i)
      if (needed[i]) compute(static_cast<std::int32_t>(i));
    std::vector<Point> result;
    for (std::int32_t root : roots) {
      if (root < 0) {
        result.push_back({PointState::number, "0"});
        continue;
      }
      const PointState state = states_[static_cast<std::size_t>(root)];
      const Number& value = values_[static_cast<std::size_t>(root)];
      result.push_back(
          {state, state == PointState::number ? Arithmetic<Number>::text(value) : std::string()});
    }
    return result;
  }

 private:
  [[nodiscard]] PointStep<Number> step_of(std::int32_t i) {
    return {graph_,  graph_.nodes[static_cast<std::size_t>(i)], values_,
            states_, values_[static_cast<std::size_t>(i)],      states_[static_cast<std::size_t>(i)]};
  }

  void compute(std::int32_t i) {
    const PointStep<Number> step = step_of(i);
    const OperationFacts& facts = facts_of(step.n.op);
    step.state = PointState::number;
    if ((facts.drops != Drops::nothing && step.zero(step.n.a)) ||
        (facts.drops == Drops::by_either && step.zero(step.n.b))) {
      step.z = 0;
      return;
    }
    if (!facts.selects) {
      step.state = worst_operand(i);
      if (step.state != PointState::number) return;
    }
    const bool at_edge = (facts.arity == Arity::unary || facts.arity == Arity::binary) &&
                         (step.infinite(step.n.a) || (step.n.b >= 0 && step.infinite(step.n.b)));
    try {
      visit(step.n.op, [&]<Op op>() {
        if (at_edge)
          Operation<op>::point_edge(step);
        else
          Operation<op>::point(step);
      });
    } catch (const std::exception&) {  // the library's own way of saying overflow
      step.state = PointState::out_of_range;
    }
    if (step.state == PointState::number && !Arithmetic<Number>::usable(step.z))
      step.state = PointState::out_of_range;
  }

  // What is lost stays lost, and what is only out of this engine's range says nothing against the balls.
  [[nodiscard]] PointState worst_operand(std::int32_t i) const {
    PointState worst = PointState::number;
    graph_.each_operand(i, [&](std::int32_t o) {
      const PointState state = states_[static_cast<std::size_t>(o)];
      if (state == PointState::out_of_range || (state == PointState::nan && worst == PointState::number))
        worst = state;
    });
    return worst;
  }

  const Graph& graph_;
  std::vector<Number> values_;
  std::vector<PointState> states_;
};

}  // namespace assay::reference
