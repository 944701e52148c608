// Causes as an HTML report tells them: a line each, and behind it the case, the reproducers and all ids.
#pragma once

#include <string>

#include "tools/reports/report.hpp"

namespace assay {

/// Empty where nothing failed. Each is open: the scripts close them.
std::string causes_html(const Report& report);

}  // namespace assay
