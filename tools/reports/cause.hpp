// The causes of failures: a report tells each once.
#pragma once

#include <cstddef>
#include <vector>

#include "tools/reports/report.hpp"

namespace assay {

/// Writes the inputs of a failed case down as its witness, where they are short enough to be read.
void add_witness(ReportedCase& c, const Case& question);

/// The failures of a report, grouped. Of one cause are those of one loss (and variant) whose known failure
/// has one reason; of the rest those that follow one convention, or that are off by one factor, or whose
/// answers are of one kind of error in one output. NaN and infinities beside NaN or infinite inputs are told
/// apart from those that come of numbers. Dtypes are told together.
///
/// Sorted: the most ordinary regime first; there, what is not merely lost digits; then the most cases of that
/// regime, then of all. Of each cause the case that is told is the most ordinary, then the one of the fewest
/// numbers, then of the shortest decimals.
std::vector<Cause> causes(const Report& report);

/// So many causes are told with a case, a mechanism and a command; the rest take a line each.
inline constexpr std::size_t most_told_at_length = 10;
/// Which those are: of what no known failure excuses, the most ordinary regime first, and there the first
/// cause of each loss before any second one. Their places, in order.
std::vector<std::size_t> told_at_length(const std::vector<Cause>& causes);

/// Causes of one loss and variant that one mechanism with one sentence explains become one, and are sorted
/// again. What a known failure excuses stays apart from what none does.
void join_by_mechanism(std::vector<Cause>& causes, const Report& report);

}  // namespace assay
