// A report as a page for people: one file of HTML that loads nothing.
#pragma once

#include <string>

#include "tools/reports/audit_report.hpp"
#include "tools/reports/report.hpp"

namespace assay {

/// Of `verify` and `judge`: a matrix that filters the rest, causes, the error over the size of the input,
/// grades, known failures, conventions, findings, and how it came about. Without scripts all of it is text
/// and tables.
std::string report_html(const Report& report);
/// The same, with the promises that were on trial.
std::string audit_html(const AuditReport& audit);

}  // namespace assay
