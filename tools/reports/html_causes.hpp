// Causes as an HTML report tells them: a line each, and behind it the case, the reproducers and all ids.
#pragma once

#include <string>
#include <string_view>

#include "tools/reports/report.hpp"

namespace assay {

/// Empty where nothing failed. Each is open: the scripts close them. `unit` is what a case of the report is:
/// "case", "place".
std::string causes_html(const Report& report, std::string_view unit);

}  // namespace assay
