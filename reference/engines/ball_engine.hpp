// A recorded graph evaluated in Arb's balls: every number lies inside its ball, whatever the precision.
// Fredrik Johansson, Arb: efficient arbitrary-precision midpoint-radius interval arithmetic, 2017,
// https://doi.org/10.1109/TC.2017.2690633
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "reference/engines/arb.hpp"
#include "reference/graph/real.hpp"

namespace assay::reference {

/// What a node is, when it is not a real number in a ball.
enum class Special : std::uint8_t { none, plus_infinity, minus_infinity, nan, unchecked };
inline Special infinity_of(int sign) { return sign > 0 ? Special::plus_infinity : Special::minus_infinity; }

/// Which member of a kink's set of slopes an evaluation takes, exactly at the kink.
enum class AtKink : std::uint8_t {
  constructive,  ///< abs'(0) = 0, max(0,.)'(0) = 0, the norm's 0, ties share equally
  largest,       ///< the member of largest size
};

class BallEngine {
 public:
  explicit BallEngine(const Graph& graph);
  ~BallEngine();
  BallEngine(const BallEngine&) = delete;
  BallEngine& operator=(const BallEngine&) = delete;

  /// Evaluates every node below `size` whose flag in `needed` is set. `fixed` holds, for the slopes of kinks
  /// that are to take a certain value, that value; elsewhere 127.
  void evaluate(long bits, std::span<const std::uint8_t> needed, AtKink at_kink = AtKink::constructive,
                std::span<const std::int8_t> fixed = {});

  [[nodiscard]] arb_srcptr ball(std::int32_t node) const { return values_ + node; }
  [[nodiscard]] Special special(std::int32_t node) const { return specials_[static_cast<std::size_t>(node)]; }
  [[nodiscard]] const Graph& graph() const { return graph_; }

  static constexpr std::int8_t free_slope = 127;

 private:
  void step(std::int32_t node, long bits, AtKink at_kink);
  void step_special(std::int32_t node, long bits);
  [[nodiscard]] std::int32_t beside_one(std::int32_t node) const;
  void step_power(std::int32_t node, long bits);
  void step_maximum(std::int32_t node, long bits);
  void step_share(std::int32_t node, AtKink at_kink);
  void step_norm(std::int32_t node, long bits);
  void step_where(std::int32_t node, long bits);
  [[nodiscard]] bool equal_norms(std::int32_t a, std::int32_t b, long bits) const;
  [[nodiscard]] bool any_special_operand(std::int32_t node) const;

  const Graph& graph_;
  arb_ptr values_ = nullptr;
  std::size_t size_ = 0;
  std::vector<Special> specials_;
  bool any_special_ = false;  // in this evaluation so far
};

}  // namespace assay::reference
