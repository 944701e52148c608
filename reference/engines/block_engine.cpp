#include "reference/engines/block_engine.hpp"

#include <cmath>

#include "reference/engines/ball_engine.hpp"
#include "reference/engines/block_operations.hpp"

namespace assay::reference {
namespace {

/// A ball in binary64 around one of Arb's; lost where it is no real number in binary64's range.
BlockBall rounded_outwards(arb_srcptr ball) {
  if (!arb_is_finite(ball)) return block_ball::nothing;
  const double middle = arf_get_d(arb_midref(ball), ARF_RND_NEAR);
  if (!std::isfinite(middle)) return block_ball::nothing;
  Ball difference;
  arb_set_d(difference, middle);
  arb_sub(difference, ball, difference, 64);
  if (arb_is_zero(difference)) return block_ball::exactly(middle);
  mag_t size;
  mag_init(size);
  arb_get_mag(size, difference);
  const double radius = mag_get_d(size);
  mag_clear(size);
  return block_ball::settled(middle, radius * block_ball::wider + block_ball::least);
}

int significant_bits(double x) {
  if (x == 0) return 0;
  int exponent = 0;
  double fraction = std::frexp(std::fabs(x), &exponent);
  int bits = 0;
  for (; fraction != 0; ++bits) {
    fraction *= 2;
    fraction -= std::floor(fraction);
  }
  return bits;
}

}  // namespace

BlockEngine::BlockEngine(const Graph& graph, std::int32_t leaf, std::span<const std::int32_t> roots,
                         int leaf_bits)
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

  std::vector<int> lengths(graph.nodes.size(), block_ops::most_bits);
  lengths[static_cast<std::size_t>(leaf)] = leaf_bits;
  set_constants(constants, lengths);
  for (const std::int32_t node : varying_) {
    const Node& n = graph.nodes[static_cast<std::size_t>(node)];
    const bool constant_second =
        facts_of(n.op).arity == Arity::binary && !above[static_cast<std::size_t>(n.b)];
    const BlockLengths known{
        graph, n, lengths,
        constant_second && lengths[static_cast<std::size_t>(n.b)] == 1 && at(n.b)[0].exact()};
    visit(n.op, [&]<Op op>() {
      lengths[static_cast<std::size_t>(node)] = Block<op>::bits(known);
      if constexpr (requires { Block<op>::exact(known); })
        exact_.push_back(Block<op>::exact(known));
      else
        exact_.push_back(0);
    });
  }
}

BlockEngine::~BlockEngine() = default;

void BlockEngine::set_constants(std::span<const std::int32_t> constants, std::span<int> lengths) {
  std::vector<std::uint8_t> needed(graph_.nodes.size(), 0);
  for (const std::int32_t node : constants) needed[static_cast<std::size_t>(node)] = 1;
  BallEngine balls(graph_);
  balls.evaluate(256, needed);
  for (const std::int32_t node : constants) {
    const BlockBall known =
        balls.special(node) == Special::none ? rounded_outwards(balls.ball(node)) : block_ball::nothing;
    numbers_[static_cast<std::size_t>(slots_[static_cast<std::size_t>(node)])].fill(
        [&](std::size_t) { return known; });
    if (known.exact()) lengths[static_cast<std::size_t>(node)] = significant_bits(known.middle);
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
    const BlockStep step{graph_, n, slots_, numbers_, z, spare, exact_[k] != 0};
    visit(n.op, [&]<Op op>() { Block<op>::enclose(step); });
  }
}

}  // namespace assay::reference
