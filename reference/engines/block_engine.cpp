#include "reference/engines/block_engine.hpp"

#include <cmath>

#include "reference/engines/ball_engine.hpp"
#include "reference/engines/block_operations.hpp"

namespace assay::reference {
namespace {

/// A ball in binary64 around one of Arb's; lost where it is no real number in binary64's range.
DoubleBall rounded_outwards(arb_srcptr ball) {
  if (!arb_is_finite(ball)) return DoubleBall::unknown();
  const double middle = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
  if (!std::isfinite(middle)) return DoubleBall::unknown();
  Ball difference;
  arb_set_d(difference, middle);
  arb_sub(difference, ball, difference, 64);
  if (arb_is_zero(difference)) return block_ball::exactly(middle);
  mag_t size;
  mag_init(size);
  arb_get_mag(size, difference);
  const double radius = mag_get_d(size);
  mag_clear(size);
  return double_ball::settled(middle, double_ball::above(radius));
}

}  // namespace

BlockEngine::BlockEngine(const Graph& graph, std::int32_t leaf, std::span<const std::int32_t> roots)
    : graph_(graph), leaf_(leaf), slots_(graph.nodes.size(), -1) {
  const std::vector<std::uint8_t> needed = needed_for(graph, roots);
  std::vector<std::uint8_t> above(graph.nodes.size(), 0);
  std::vector<std::int32_t> constants;
  std::int32_t slots = 0;
  above[static_cast<std::size_t>(leaf)] = 1;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    const auto node = static_cast<std::int32_t>(i);
    graph.each_operand(node, [&](std::int32_t o) { above[i] |= above[static_cast<std::size_t>(o)]; });
    if (!needed[i] && node != leaf) continue;
    slots_[i] = slots++;
    if (node != leaf) (above[i] ? varying_ : constants).push_back(node);
  }
  numbers_.resize(static_cast<std::size_t>(slots) + 2);  // and two to spare

  set_constants(constants);
}

BlockEngine::~BlockEngine() = default;

void BlockEngine::set_constants(std::span<const std::int32_t> constants) {
  std::vector<std::uint8_t> needed(graph_.nodes.size(), 0);
  for (const std::int32_t node : constants) needed[static_cast<std::size_t>(node)] = 1;
  BallEngine balls(graph_);
  balls.evaluate(256, needed);
  for (const std::int32_t node : constants) {
    const DoubleBall known =
        balls.special(node) == Special::none ? rounded_outwards(balls.ball(node)) : DoubleBall::unknown();
    numbers_[static_cast<std::size_t>(slots_[static_cast<std::size_t>(node)])].fill(
        [&](std::size_t) { return known; });
  }
}

void BlockEngine::evaluate(std::span<const double> x) {
  numbers_[static_cast<std::size_t>(slots_[static_cast<std::size_t>(leaf_)])].fill(
      [&](std::size_t i) { return block_ball::exactly(x[std::min(i, x.size() - 1)]); });
  const std::span<BlockNumbers, 2> spare(numbers_.data() + numbers_.size() - 2, 2);
  for (std::size_t k = 0; k < varying_.size(); ++k) {
    const auto node = static_cast<std::size_t>(varying_[k]);
    const Node& n = graph_.nodes[node];
    BlockNumbers& z = numbers_[static_cast<std::size_t>(slots_[node])];
    const BlockStep step{graph_, n, slots_, numbers_, z, spare};
    visit(n.op, [&]<Op op>() { Block<op>::enclose(step); });
  }
}

}  // namespace assay::reference
