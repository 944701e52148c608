// A report for whoever ran the program.
#pragma once

#include <string>

#include "tools/reports/report.hpp"

namespace assay {

/// For a terminal: the table, then each failure with its witness and its command.
std::string report_summary(const Report& report);

}  // namespace assay
