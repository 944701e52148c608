#include "tools/testees/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay {

void Findings::note(std::string_view id, std::string message, std::string detail, Severity severity) {
  for (Entry& each : entries_)
    if (each.first.id == id) {
      ++each.count;
      return;
    }
  entries_.push_back({Finding{std::string(id), std::move(message), std::move(detail), severity}});
}

std::vector<Finding> Findings::all() const {
  std::vector<Finding> out;
  for (const Entry& each : entries_) {
    out.push_back(each.first);
    if (each.count > 1) out.back().message += fmt::format(" (and {} more such)", each.count - 1);
  }
  return out;
}

void add_new(std::vector<Finding>& known, std::vector<Finding> more) {
  const auto end = static_cast<std::ptrdiff_t>(known.size());
  for (Finding& each : more) {
    const auto same = [&](const Finding& earlier) { return earlier.id == each.id; };
    if (std::none_of(known.begin(), known.begin() + end, same)) known.push_back(std::move(each));
  }
}

}  // namespace assay
