// A comparison of reports as a page for people.
#pragma once

#include <string>

#include "tools/reports/comparison.hpp"

namespace assay {

/// One file of HTML that loads nothing: loss x regime x implementation, values and gradients apart; causes
/// that several share; what changed between versions of one.
std::string comparison_html(const Comparison& comparison);

}  // namespace assay
