// How an audit ends, whether it was run here or joined from parts.
#pragma once

#include <string>
#include <vector>

#include "tools/audit/campaign.hpp"
#include "tools/reports/known_failures.hpp"

namespace assay {

/// Prints the summary, writes the reports, and says by the exit code whether all conforms.
int end_audit(const audit::Campaign& campaign, KnownFailures& known, const std::vector<std::string>& reports);

}  // namespace assay
