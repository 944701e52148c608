// Which of a case's real numbers a node of its graph depends on.
#pragma once

#include <cstdint>
#include <vector>

#include "reference/graph/recorded_case.hpp"

namespace assay::reference {

class InputDependence {
 public:
  explicit InputDependence(const RecordedCase& recorded);
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

}  // namespace assay::reference
