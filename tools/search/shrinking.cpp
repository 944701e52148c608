#include "tools/search/shrinking.hpp"

#include <utility>

namespace assay::search {

Shrinking::Shrinking(const Record& record, Draw failing, int trials,
                     std::function<bool(const Draw&)> admissible)
    : record_(record),
      simplest_(std::move(failing)),
      trials_(trials),
      admissible_(std::move(admissible)),
      ways_(ways_to_simplify(record, simplest_)) {}

std::optional<Draw> Shrinking::next() {
  while (trials_ > 0) {
    if (at_ == ways_.size()) {
      // What was no simpler before may be now.
      if (!std::exchange(any_in_this_round_, false)) return std::nullopt;
      at_ = 0;
      continue;
    }
    candidate_ = ways_[at_++](simplest_);
    if (!admissible_(candidate_)) continue;
    --trials_;
    return candidate_;
  }
  return std::nullopt;
}

void Shrinking::tried(bool fails) {
  if (!fails) return;
  simplest_ = std::move(candidate_);
  any_in_this_round_ = true;
  ways_ = ways_to_simplify(record_, simplest_);
  // The same way again, as far as it leads.
  at_ = std::min(at_ - 1, ways_.size());
}

}  // namespace assay::search
