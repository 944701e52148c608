// A report for whoever ran the program.
#pragma once

#include <string>

#include "tools/reports/report.hpp"

namespace assay {

/// How a summary is written.
struct SummaryStyle {
  bool colour = false;  ///< what stands out is bold; nothing is told by that alone
  bool hex = false;     ///< numbers are hex floats, not decimals
};
/// For standard output as it is: colour on a terminal, unless NO_COLOR is set.
SummaryStyle summary_style(bool hex);

/// For a terminal: the causes of the failures, those of ordinary numbers first and at length; the losses that
/// fail; one line each for those that conform and for what is not offered; the totals.
std::string report_summary(const Report& report, const SummaryStyle& style = {});

/// Of that, the causes: those that no known failure excuses.
std::string causes_summary(const Report& report, const SummaryStyle& style = {});

}  // namespace assay
