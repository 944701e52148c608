#include "reference/engines/ball_engine.hpp"

#include "reference/graph/operations/operations.hpp"

namespace assay::reference {

BallEngine::BallEngine(const Graph& graph) : graph_(graph) {}

void BallEngine::evaluate(long bits, std::span<const std::int32_t> nodes, AtKink at_kink,
                          std::span<const std::int8_t> fixed) {
  if (balls_.size() < graph_.nodes.size()) balls_ = PooledBalls(graph_.nodes.size());
  if (specials_.size() < graph_.nodes.size()) specials_.resize(graph_.nodes.size(), Special::none);
  for (const std::int32_t node : nodes) {
    Special& special = specials_[static_cast<std::size_t>(node)];
    special = Special::none;
    const std::int8_t slope = fixed.empty() ? free_slope : fixed[static_cast<std::size_t>(node)];
    if (slope != free_slope)
      arb_set_si(balls_.get() + node, slope);
    else if (any_special_ && any_special_operand(node))
      enclose_edge(node, bits);
    else
      enclose(node, bits, at_kink);
    any_special_ |= special != Special::none;
  }
}

void BallEngine::evaluate(long bits, std::span<const std::uint8_t> needed) {
  std::vector<std::int32_t> nodes;
  for (std::size_t i = 0; i < needed.size(); ++i)
    if (needed[i]) nodes.push_back(static_cast<std::int32_t>(i));
  evaluate(bits, nodes);
}

bool BallEngine::any_special_operand(std::int32_t node) const {
  bool any = false;
  graph_.each_operand(node, [&](std::int32_t o) { any |= special(o) != Special::none; });
  return any;
}

void BallEngine::enclose(std::int32_t node, long bits, AtKink at_kink) {
  const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
  const BallStep step{{graph_, balls_.get(), specials_.data()}, node, n, bits, at_kink};
  visit(n.op, [&]<Op op>() { Operation<op>::enclose(step); });
}

// Some operand is infinite, NaN or not checked. What is not settled here is a NaN, which is the contract's
// answer where no limit exists.
void BallEngine::enclose_edge(std::int32_t node, long bits) {
  const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
  const OperationFacts& facts = facts_of(n.op);
  const EdgeStep step{{{graph_, balls_.get(), specials_.data()}, node, n, bits}};
  const bool dropped = (facts.drops != Drops::nothing && step.first().zero()) ||
                       (facts.drops == Drops::by_either && step.second().zero());
  if (dropped) {
    arb_zero(step.z());
    return;
  }
  bool nan = false, unchecked = false;
  if (!facts.selects)
    graph_.each_operand(node, [&](std::int32_t o) {
      nan |= special(o) == Special::nan;
      unchecked |= special(o) == Special::unchecked;
    });
  step.becomes(unchecked ? Special::unchecked : Special::nan);
  if (!nan && !unchecked) visit(n.op, [&]<Op op>() { Operation<op>::enclose_edge(step); });
}

}  // namespace assay::reference
