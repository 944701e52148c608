#include "tools/reports/report.hpp"

namespace assay {

std::string_view name(ReportedCase::Status s) {
  switch (s) {
    case ReportedCase::Status::conforming:
      return "conforming";
    case ReportedCase::Status::failed:
      return "failed";
    case ReportedCase::Status::known:
      return "known";
    case ReportedCase::Status::unchecked_domain:
      return "unchecked domain";
    case ReportedCase::Status::not_offered:
      break;
  }
  return "not offered";
}

bool conforms(const Report& report) {
  for (const ReportedCase& c : report.cases)
    if (c.status == ReportedCase::Status::failed) return false;
  for (const ReportedFinding& f : report.findings)
    if (f.reason.empty()) return false;
  return report.stale.empty();
}

}  // namespace assay
