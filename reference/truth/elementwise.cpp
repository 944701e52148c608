#include "reference/truth/elementwise.hpp"

#include "reference/engines/ball_engine.hpp"
#include "reference/graph/recorded_case.hpp"
#include "reference/truth/rounding.hpp"

namespace assay::reference {

namespace {

/// Those of the needed nodes that an input reaches: what is made
/// of parameters alone stays from the first element.
std::vector<std::uint8_t> above_leaves(const RecordedCase& recorded,
                                       const std::vector<std::uint8_t>& needed) {
  const Graph& graph = recorded.graph;
  std::vector<std::uint8_t> reached(graph.nodes.size(), 0), result(graph.nodes.size(), 0);
  for (const auto& [name, leaves] : recorded.inputs.leaves)
    for (Real leaf : leaves) reached[static_cast<std::size_t>(leaf.index())] = 1;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    graph.each_operand(static_cast<std::int32_t>(i),
                       [&](std::int32_t o) { reached[i] |= reached[static_cast<std::size_t>(o)]; });
    result[i] = reached[i] & needed[i];
  }
  return result;
}

}  // namespace

std::optional<std::vector<double>> elementwise_values(const Case& c) {
  const Record& facts = *c.record();
  if (facts.kind != Kind::element_wise) return std::nullopt;

  Case one = c;
  one.reduction = Reduction::none;
  std::size_t count = 0;
  for (const Input& input : facts.inputs) {
    const auto given = c.inputs.find(std::string(input.name));
    if (given == c.inputs.end()) continue;
    const Tensor& all = given->second;
    if (input.axes.has_leading()) count = all.real.size();
    if (all.real.empty()) return std::nullopt;
    one.inputs[given->first] = Tensor{{1}, {all.real.front()}, {}, false};
  }
  const auto recorded = record_case(one);
  Graph& graph = recorded->graph;
  struct Source {
    Node* leaf;
    const std::vector<double>* numbers;
  };
  std::vector<Source> sources;
  for (const auto& [name, leaves] : recorded->inputs.leaves)
    sources.push_back(
        {&graph.nodes[static_cast<std::size_t>(leaves.front().index())], &c.inputs.at(name).real});

  constexpr long bits = 80;
  const std::int32_t root = recorded->values.front().index();
  const std::vector<std::uint8_t> needed = needed_for(graph, {{root}});
  BallEngine engine(graph);
  std::vector<double> result;
  const std::vector<std::uint8_t> varying = above_leaves(*recorded, needed);
  Ball total;
  for (std::size_t i = 0; i < count; ++i) {
    for (const Source& s : sources) s.leaf->number = (*s.numbers)[i % s.numbers->size()];
    engine.evaluate(bits, i == 0 ? needed : varying);
    if (engine.special(root) != Special::none) return std::nullopt;
    if (c.reduction != Reduction::none) {
      arb_add(total, total, engine.ball(root), bits);
      continue;
    }
    const auto rounded = round_ball(engine.ball(root), c.dtype);
    if (!rounded) return std::nullopt;
    result.push_back(*rounded);
  }
  if (c.reduction == Reduction::none) return result;
  if (c.reduction == Reduction::mean) arb_div_ui(total, total, count, bits);
  const auto rounded = round_ball(total, c.dtype);
  if (!rounded) return std::nullopt;
  return std::vector{*rounded};
}

}  // namespace assay::reference
