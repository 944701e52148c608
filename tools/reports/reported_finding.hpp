// Findings that are about no single case, as reports tell them.
#pragma once

#include <string>

#include "tools/reports/known_failures.hpp"
#include "tools/reports/report.hpp"

namespace assay {

/// The known failures are told of it. A note needs no excuse: an entry that names it has passed.
ReportedFinding reported(Finding finding, KnownFailures& known);

/// What is said behind a finding's message, made visible: " (known: log clamped at -100)", " (a note)", or
/// nothing where it fails the run.
std::string remark(const ReportedFinding& f);

}  // namespace assay
