// A report for continuous integration.
#pragma once

#include <string>

#include "tools/reports/report.hpp"

namespace assay {

/// JUnit's XML: a suite and a class for each loss and dtype, in which a case is called by its slug, the most
/// ordinary regime first; its id and its regime are properties, since a slug stays when numbers change. One
/// suite for the protocol, one for entries that nothing needed.
std::string report_junit(const Report& report);
/// The same of an audit, whose cases are called by the places that were searched.
std::string audit_junit(const Report& report);

}  // namespace assay
