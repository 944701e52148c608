// From a draw that fails to a simpler one that fails: fewer rows, narrower rows, fewer inputs, default
// parameters, rounder numbers.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "tools/search/draws.hpp"
#include "tools/search/simpler.hpp"

namespace assay::search {

/// Gives one simpler draw after the other, and goes on from those that fail too. Deterministic; it ends,
/// since each step makes a draw simpler.
class Shrinking {
 public:
  /// At most `trials` draws are tried, of those that `admissible` lets through.
  Shrinking(const Record& record, Draw failing, int trials, std::function<bool(const Draw&)> admissible);

  /// The next draw to try; nothing when there is none. Between two calls comes `tried`.
  std::optional<Draw> next();
  void tried(bool fails);

  [[nodiscard]] const Draw& simplest() const { return simplest_; }

 private:
  const Record& record_;
  Draw simplest_, candidate_;
  int trials_;
  std::function<bool(const Draw&)> admissible_;
  std::vector<Simpler> ways_;
  std::size_t at_ = 0;
  bool any_in_this_round_ = false;
};

}  // namespace assay::search
