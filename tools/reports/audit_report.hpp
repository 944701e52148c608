// What an audit found, for people and for programs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/audit/campaign.hpp"
#include "tools/audit/summary.hpp"
#include "tools/reports/known_failures.hpp"
#include "tools/reports/report.hpp"
#include "tools/reports/report_summary.hpp"

namespace assay {

/// The worst of one place, and what is known of it.
struct AuditedPlace {
  audit::Place place;
  const audit::Worst* worst = nullptr;    ///< as it was found
  const audit::Shrunk* shrunk = nullptr;  ///< made simple; null where nothing fails, or nobody had the time
  std::size_t reported = 0;               ///< its case in the report
};

struct AuditReport {
  const audit::Campaign& campaign;
  /// As of `verify`: a case for each place, for each promise and for each answer that is missing.
  Report report;
  std::vector<AuditedPlace> places;  ///< the most ordinary regime first
};

/// The campaign is kept a reference to. `known` is told of every place by its name
/// ("audit/huber/f32/value/everyday"), of every promise ("promise/huber/f32/IsConvex") and of the ids of
/// cases.
AuditReport audit_report(const audit::Campaign& campaign, KnownFailures& known);

/// The place's name as a finding: what a known failure is a glob over.
std::string finding_id(const audit::Place& place);

/// For a terminal.
std::string audit_summary(const AuditReport& audit, const SummaryStyle& style = {});
/// For a page.
std::string audit_markdown(const AuditReport& audit);
/// verify's report with one more member, "audit": {"places": [...], "binades": [...], "promises": [...],
/// "campaign": {...}}; the last is the part that `merge` joins.
std::string audit_json(const AuditReport& audit);

/// In the form that the ending says. Throws UsageError, FileError.
void write_audit(const AuditReport& audit, const std::filesystem::path& path);

}  // namespace assay
