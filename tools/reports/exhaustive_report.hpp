// What an exhaustive audit found, for people and for programs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/audit/exhaustive.hpp"
#include "tools/reports/known_failures.hpp"
#include "tools/reports/report.hpp"

namespace assay {

struct ExhaustiveReport {
  const audit::SweepCampaign& campaign;
  audit::SweepBar bar;
  std::vector<audit::SweepStatement> statements;
  /// As of `verify`: a case for each statement, with its worst input.
  Report report;
};

/// The campaign is kept a reference to. `known` is told of every statement by its name
/// ("exhaustive/hinge/f32/value/target=1") and of the id of its worst input.
ExhaustiveReport exhaustive_report(const audit::SweepCampaign& campaign, const audit::SweepBar& bar,
                                   const std::vector<std::string>& command, KnownFailures& known);

/// The statements, a line each, then what fails and what is missing.
std::string exhaustive_summary(const ExhaustiveReport& exhaustive);

/// In the form that the ending says; .json is verify's report with one more member, "exhaustive":
/// {"require": "declared" or a grade, "statements": [...], "campaign": {...}}, of which the last is the part
/// that `merge` joins. Throws UsageError, FileError.
void write_exhaustive(const ExhaustiveReport& exhaustive, const std::filesystem::path& path);

}  // namespace assay
