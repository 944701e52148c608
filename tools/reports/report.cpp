#include "tools/reports/report.hpp"

#include <fmt/format.h>

#include <algorithm>

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

bool fails(const ReportedCase& c) {
  return c.status == ReportedCase::Status::failed || c.status == ReportedCase::Status::known;
}

bool fails(const ReportedFinding& f) { return f.severity == Severity::failure && f.reason.empty(); }

std::string title(std::string_view loss, std::string_view variant) {
  return variant.empty() ? std::string(loss) : fmt::format("{} ({})", loss, variant);
}

std::vector<const ReportedCase*> by_regime(std::span<const ReportedCase> cases) {
  std::vector<const ReportedCase*> out;
  for (const ReportedCase& c : cases) out.push_back(&c);
  std::ranges::stable_sort(out, {}, [](const ReportedCase* c) { return c->regime; });
  return out;
}

bool conforms(const Report& report) {
  for (const ReportedCase& c : report.cases)
    if (c.status == ReportedCase::Status::failed) return false;
  for (const ReportedFinding& f : report.findings)
    if (fails(f)) return false;
  return report.stale.empty();
}

}  // namespace assay
