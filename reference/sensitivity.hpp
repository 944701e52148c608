// A of the contract's section 7: how far a number moves, in all, when each input moves by its own size, measured
// from its origin. A numeric reverse sweep in balls over the recorded graph, gradients included.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "reference/ball_engine.hpp"
#include "reference/decide.hpp"
#include "reference/sheet.hpp"

namespace assay::reference {

class Sensitivity {
 public:
  Sensitivity(const Recorded& recorded, Precision precision);
  ~Sensitivity();
  Sensitivity(const Sensitivity&) = delete;
  Sensitivity& operator=(const Sensitivity&) = delete;

  /// A of sum_k factor_k node_k. Infinity where a derivative is infinite.
  double of(std::span<const std::pair<std::int32_t, int>> sum);
  double of(std::int32_t node);
  /// |node| as a double, at the same precision.
  double magnitude(std::int32_t node);
  /// |a - b|; 0 where no precision tells them apart.
  double gap(std::int32_t a, std::int32_t b);

 private:
  struct Swept {
    double size;
    bool settled;
  };
  void evaluate_at_least(long bits, std::int32_t node);
  Swept sweep(std::span<const std::pair<std::int32_t, int>> sum);
  void give(std::int32_t node, arb_srcptr slope, arb_srcptr local);
  void give_infinite(std::int32_t node);
  void step(std::int32_t node);

  const Recorded& recorded_;
  const Graph& graph_;
  Precision precision_;
  BallEngine engine_;
  long bits_ = 0;
  std::vector<std::uint8_t> evaluated_;
  arb_ptr slopes_;
  std::size_t size_;
  std::vector<std::uint8_t> touched_;    // 1: a ball, 2: infinite
  std::vector<std::int32_t> nodes_touched_;
  std::vector<Ball> distances_;          // |x - origin| of each input leaf
  std::vector<std::int32_t> distance_of_; // node -> index into distances_, or -1
  std::vector<std::uint8_t> marked_;
};

}  // namespace assay::reference
