// A recorded graph as a function of one of its leaves, at many numbers at once, in balls of binary64: what
// they decide costs nanoseconds, and for the rest there is the engine of balls of any precision.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "reference/engines/block_numbers.hpp"
#include "reference/graph/real.hpp"

namespace assay::reference {

class BlockEngine {
 public:
  /// `leaf` is the one that changes; every other keeps the number that is recorded. The graph must not grow
  /// as long as the engine lives.
  BlockEngine(const Graph& graph, std::int32_t leaf, std::span<const std::int32_t> roots);
  ~BlockEngine();
  BlockEngine(const BlockEngine&) = delete;
  BlockEngine& operator=(const BlockEngine&) = delete;

  /// At these numbers: at least one, at most `block_size`, all finite. Past them the last one is repeated.
  /// What leaves binary64's range is kept where all numbers lie near each other.
  void evaluate(std::span<const double> x);
  /// Of a root, or of a node that roots are computed from.
  [[nodiscard]] const BlockNumbers& at(std::int32_t node) const {
    return numbers_[static_cast<std::size_t>(slots_[static_cast<std::size_t>(node)])];
  }

 private:
  void set_constants(std::span<const std::int32_t> constants);

  const Graph& graph_;
  std::int32_t leaf_;
  std::vector<std::int32_t> slots_;    // of each node; -1 where it is not needed
  std::vector<std::int32_t> varying_;  // the nodes above the leaf that are needed, in order
  std::vector<BlockNumbers> numbers_;
};

}  // namespace assay::reference
