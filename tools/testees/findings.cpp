#include "tools/testees/findings.hpp"

#include <fmt/format.h>

namespace assay {

void Findings::note(std::string_view id, std::string message, std::string detail) {
  for (Entry& each : entries_)
    if (each.first.id == id) {
      ++each.count;
      return;
    }
  entries_.push_back({Finding{std::string(id), std::move(message), std::move(detail)}});
}

std::vector<Finding> Findings::all() const {
  std::vector<Finding> out;
  for (const Entry& each : entries_) {
    out.push_back(each.first);
    if (each.count > 1) out.back().message += fmt::format(" (and {} more such)", each.count - 1);
  }
  return out;
}

}  // namespace assay
