// A report for a page.
#pragma once

#include <string>

#include "tools/reports/report.hpp"

namespace assay {

/// A short table for a README, and what failed.
std::string report_markdown(const Report& report);

}  // namespace assay
