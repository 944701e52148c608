// A report's cases, counted by loss and dtype.
#pragma once

#include <string>
#include <vector>

#include "tools/reports/report.hpp"

namespace assay {

/// The cases of one loss in one dtype, counted.
struct ReportRow {
  std::string loss, dtype;
  int cases = 0, conforming = 0, failed = 0, known = 0, unchecked_domain = 0, not_offered = 0;
  int conventional = 0;                 ///< of the conforming: by a convention that the testee declares
  const ReportedCase* worst = nullptr;  ///< no answer, then grade, then ulp; declared conventions aside
  const ReportedCase* worst_finite = nullptr;  ///< likewise, of those whose error is a number of ulp
};
std::vector<ReportRow> rows(const Report& report);
ReportRow total(const std::vector<ReportRow>& rows);

}  // namespace assay
