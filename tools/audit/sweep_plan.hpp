// Which losses are functions of one number, by their records: those that can be asked about every number of a
// dtype that there is.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "reference/cases/case.hpp"
#include "tools/cases/selection.hpp"

namespace assay::audit {

/// A loss as a function of one of its inputs, all else held.
struct SweepPlan {
  Case one;           ///< of single numbers, under `none`; the defaults' parameters
  std::string swept;  ///< the input that takes every number; `one.wrt` names it
  std::string held;   ///< what the others are: "target 1"; empty where there are none

  /// "hinge f32, target 1"
  [[nodiscard]] std::string text() const;
};

/// An element-wise loss is swept when exactly one of its inputs is continuous; each combination of values of
/// the others, which are then labels, is a sweep of its own. Optional inputs are left out. A row of one
/// number is no such element: most losses of rows are constant there. Of dtypes, those with at most 2^32
/// numbers.
std::vector<SweepPlan> sweep_plans(const Selection& selection);

/// The same for an input of choice, the others held at these values; the case must be valid.
SweepPlan sweep_of(std::string loss, Dtype dtype, const std::string& swept,
                   const std::vector<std::pair<std::string, double>>& held);

/// The last of a dtype's bit patterns.
std::uint64_t last_pattern(Dtype dtype);

/// Those numbers of a range of bit patterns, both ends included, that the swept input may be; NaN always is.
void numbers_of(const SweepPlan& plan, std::uint64_t first, std::uint64_t last, std::vector<double>& out);

}  // namespace assay::audit
