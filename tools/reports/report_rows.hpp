// A report's cases, counted by loss, variant and dtype.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/reports/report.hpp"

namespace assay {

/// The cases of one loss, or of one variant of it, in one dtype, counted.
struct ReportRow {
  std::string loss, dtype;
  std::string variant{};
  int cases = 0, conforming = 0, failed = 0, known = 0, unchecked_domain = 0, not_offered = 0;
  int conventional = 0;           ///< of the conforming: by a convention that the testee declares
  std::optional<Regime> failing;  ///< the most ordinary regime in which a case fails
  /// Of the cases that fail in that regime, of all where none fails: no answer, then grade, then ulp;
  /// declared conventions aside.
  const ReportedCase* worst = nullptr;
  const ReportedCase* worst_finite = nullptr;  ///< likewise, of those whose error is a number of ulp
};
/// In the order of the report.
std::vector<ReportRow> rows(const Report& report);
ReportRow total(const std::vector<ReportRow>& rows);
/// Those that fail in the most ordinary regime first, those that fail nowhere last.
std::vector<ReportRow> by_regime(std::vector<ReportRow> rows);

}  // namespace assay
