// What a conversation showed that concerns no single case, one finding a kind however often it happened.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/testees/testee.hpp"

namespace assay {

class Findings {
 public:
  /// The first of a kind is told, the others are counted.
  void note(std::string_view id, std::string message, std::string detail = {});
  /// All, in the order of their first occurrence.
  [[nodiscard]] std::vector<Finding> all() const;

 private:
  struct Entry {
    Finding first;
    std::size_t count = 1;
  };
  std::vector<Entry> entries_;
};

}  // namespace assay
