// What a testee says of itself that nobody understands.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tools/testees/testee.hpp"

namespace assay {

/// Collects what a handshake names and nobody knows: findings, since a name that is not understood would
/// narrow nothing, or everything, in silence. What is understood is used.
class Oddities {
 public:
  /// `where` names "what", "which is no <kind>"; `known` are those that it could have been.
  void unknown(std::string_view where, std::string_view what, std::string_view kind,
               const std::vector<std::string>& known);
  void add(std::string message, Severity severity = Severity::failure);

  [[nodiscard]] std::vector<Finding> findings() const;

 private:
  std::vector<Finding> first_;
  std::size_t more_ = 0;  // a handshake may be 64 MiB of them
};

}  // namespace assay
