// What a root is computed from, in time that grows with the number of those nodes and not with the graph's:
// of a case of 64 elements each result needs a 64th.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "reference/graph/real.hpp"

namespace assay::reference {

class Descent {
 public:
  explicit Descent(const Graph& graph) : graph_(graph) {}

  /// The roots and all that they are computed from, each before its operands; roots of index -1 are left out.
  /// What `skip` says true of is left out with all that is reached through it alone. Valid until the next
  /// call.
  template <class Skip>
  std::span<const std::int32_t> from(std::span<const std::int32_t> roots, Skip&& skip) {
    open_.resize(graph_.nodes.size() / 64 + 1, 0);
    nodes_.clear();
    std::size_t left = 0, word = 0;
    auto reach = [&](std::int32_t node) {
      const auto at = static_cast<std::size_t>(node) / 64;
      const std::uint64_t bit = std::uint64_t{1} << (node % 64);
      if (open_[at] & bit || skip(node)) return;
      open_[at] |= bit;
      ++left;
    };
    for (const std::int32_t root : roots) {
      if (root < 0) continue;
      reach(root);
      word = std::max(word, static_cast<std::size_t>(root) / 64);
    }
    // Operands are recorded before what they are of: the highest open node is needed by no other.
    for (; left > 0; --left) {
      while (open_[word] == 0) --word;
      const int bit = 63 - std::countl_zero(open_[word]);
      open_[word] &= ~(std::uint64_t{1} << bit);
      const auto node = static_cast<std::int32_t>(word * 64) + bit;
      nodes_.push_back(node);
      graph_.each_operand(node, reach);
    }
    return nodes_;
  }
  std::span<const std::int32_t> from(std::span<const std::int32_t> roots) {
    return from(roots, [](std::int32_t) { return false; });
  }
  std::span<const std::int32_t> from(std::int32_t root) { return from({&root, 1}); }

  /// The same, operands first.
  template <class Skip>
  std::span<const std::int32_t> towards(std::span<const std::int32_t> roots, Skip&& skip) {
    from(roots, skip);
    std::reverse(nodes_.begin(), nodes_.end());
    return nodes_;
  }
  std::span<const std::int32_t> towards(std::span<const std::int32_t> roots) {
    return towards(roots, [](std::int32_t) { return false; });
  }

 private:
  const Graph& graph_;
  std::vector<std::uint64_t> open_;  // a bit a node: reached, and not listed yet
  std::vector<std::int32_t> nodes_;
};

}  // namespace assay::reference
