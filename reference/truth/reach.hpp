// Which of a case's numbers reach a result, and the intrinsic scale that they give it (contract, section 7).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "reference/graph/recorded_case.hpp"

namespace assay::reference {

class Sensitivity;

class Reach {
 public:
  explicit Reach(const Recorded& recorded);
  /// n: how many of the case's real numbers the node is made from, at least 1.
  [[nodiscard]] std::int64_t count(std::int32_t node) const;
  /// Their leaves.
  [[nodiscard]] std::vector<std::int32_t> leaves(std::int32_t node) const;

 private:
  const Graph& graph_;
  std::vector<std::uint8_t> is_input_;
  mutable std::vector<std::int32_t> seen_;  // the visit that saw a node last
  mutable std::int32_t visit_ = 0;
};

/// S of each root: of values, the sum or mean of the terms' own scales; of gradients, those of the terms that
/// the input reaches, times what the result multiplies each with, over the norm where the row was normalised.
std::vector<double> intrinsic_scales(const Recorded& r, std::span<const std::int32_t> roots,
                                     std::span<const Real> slopes, const Reach& reach, Sensitivity& numbers);

}  // namespace assay::reference
