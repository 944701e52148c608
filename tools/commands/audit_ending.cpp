#include "tools/commands/audit_ending.hpp"

#include <fmt/format.h>

#include "tools/reports/audit_report.hpp"
#include "tools/text/printable.hpp"

namespace assay {

int end_audit(const audit::Campaign& campaign, KnownFailures& known,
              const std::vector<std::string>& reports) {
  const AuditReport report = audit_report(campaign, known);
  fmt::print("{}", audit_summary(report, summary_style(false)));
  for (const std::string& each : reports) write_audit(report, each);
  if (campaign.task.cells == 0) {
    fmt::print(stderr, "assay: nothing was judged: {} offers nothing of what was asked for\n",
               printable(campaign.task.implementation.name));
    return 3;
  }
  return conforms(report.report) ? 0 : 1;
}

}  // namespace assay
