// A recorded graph evaluated in Arb's balls: every number lies inside its ball, whatever the precision.
// Fredrik Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic, 2017,
// https://doi.org/10.1109/TC.2017.2690633
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "reference/graph/operations/ball_step.hpp"
#include "reference/graph/real.hpp"
#include "reference/numbers/arb.hpp"
#include "reference/numbers/ball_pool.hpp"

namespace assay::reference {

class BallEngine {
 public:
  explicit BallEngine(const Graph& graph);
  BallEngine(const BallEngine&) = delete;
  BallEngine& operator=(const BallEngine&) = delete;

  /// Evaluates these nodes, each after its operands. `fixed` holds, for the slopes of kinks that are to take
  /// a certain value, that value; elsewhere 127.
  void evaluate(long bits, std::span<const std::int32_t> nodes, AtKink at_kink = AtKink::constructive,
                std::span<const std::int8_t> fixed = {});
  /// Those whose flag in `needed` is set.
  void evaluate(long bits, std::span<const std::uint8_t> needed);

  [[nodiscard]] arb_srcptr ball(std::int32_t node) const { return balls_.get() + node; }
  [[nodiscard]] Special special(std::int32_t node) const { return specials_[static_cast<std::size_t>(node)]; }
  [[nodiscard]] const Graph& graph() const { return graph_; }
  /// All of them, until the next evaluation.
  [[nodiscard]] Balls balls() { return {graph_, balls_.get(), specials_.data()}; }

  static constexpr std::int8_t free_slope = 127;

 private:
  void enclose(std::int32_t node, long bits, AtKink at_kink);
  void enclose_edge(std::int32_t node, long bits);
  [[nodiscard]] bool any_special_operand(std::int32_t node) const;

  const Graph& graph_;
  PooledBalls balls_;
  std::vector<Special> specials_;
  bool any_special_ = false;  // so far
};

}  // namespace assay::reference
