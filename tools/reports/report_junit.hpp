// A report for continuous integration.
#pragma once

#include <string>

#include "tools/reports/report.hpp"

namespace assay {

/// JUnit's XML: a suite for each loss and dtype, its cases in a class a regime, the most ordinary first; one
/// for the protocol, one for entries that nothing needed.
std::string report_junit(const Report& report);

}  // namespace assay
