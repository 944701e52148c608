// A case recorded with its gradients: the nodes that every engine is asked about.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reference/graph/recorded_case.hpp"

namespace assay::reference {

struct Roots {
  std::vector<std::int32_t> nodes;       ///< values, then each gradient in the order of wrt; -1 is exactly 0
  std::vector<std::string> tensors;      ///< "value" and so on,
  std::vector<std::size_t> first_nodes;  ///< and where each begins
  /// "value[3]", for messages.
  [[nodiscard]] std::string name(std::size_t node) const;
};

struct RecordedGradients {
  explicit RecordedGradients(const Case& c, std::string_view convention = {}, const StandIns& stand_ins = {});

  std::unique_ptr<RecordedCase> recorded;
  std::vector<Real>
      adjoints;  ///< the derivative with respect to each node; empty when no gradient is asked for
  Roots roots;
};

}  // namespace assay::reference
