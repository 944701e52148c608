// What a conversation showed that concerns no single case, one finding a kind however often it happened.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/testees/testee.hpp"

namespace assay {

class Findings {
 public:
  /// The first of a kind is told, the others are counted.
  void note(std::string_view id, std::string message, std::string detail = {},
            Severity severity = Severity::failure);
  /// One of which there are several of a kind, each with something of its own to say.
  void add(Finding finding) { entries_.push_back({std::move(finding)}); }
  /// All, in the order of their first occurrence.
  [[nodiscard]] std::vector<Finding> all() const;

 private:
  struct Entry {
    Finding first;
    std::size_t count = 1;
  };
  std::vector<Entry> entries_;
};

/// Of another testee of the same kind: what none had before it.
void add_new(std::vector<Finding>& known, std::vector<Finding> more);

}  // namespace assay
