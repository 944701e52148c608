#include "tools/reports/reported_finding.hpp"

#include <fmt/format.h>

#include "tools/text/printable.hpp"

namespace assay {

ReportedFinding reported(Finding finding, KnownFailures& known) {
  using Event = KnownFailures::Event;
  const KnownFailure* excuse =
      known.note(finding.id, finding.severity == Severity::note ? Event::passed : Event::failed);
  return {std::move(finding.id), std::move(finding.message), excuse ? excuse->reason : "",
          std::move(finding.detail), finding.severity};
}

std::string remark(const ReportedFinding& f) {
  if (f.severity == Severity::note) return " (a note)";
  return f.reason.empty() ? "" : fmt::format(" (known: {})", printable(f.reason));
}

}  // namespace assay
