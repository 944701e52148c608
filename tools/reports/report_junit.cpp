#include "tools/reports/report_junit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "tools/reports/report_rows.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

using Status = ReportedCase::Status;

std::string xml(std::string_view raw) {
  std::string out;
  for (const char c : printable(raw)) switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      default:
        out += c;
    }
  return out;
}

std::string open_suite(std::string_view suite, std::size_t tests, std::size_t failures, std::size_t skipped) {
  return fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
                     xml(suite), tests, failures, skipped);
}

std::string test_case(std::string_view group, std::string_view test, std::string_view body) {
  const std::string open = fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml(group), xml(test));
  return body.empty() ? open + "/>\n" : fmt::format("{}>\n      {}\n    </testcase>\n", open, body);
}

std::string failure(std::string_view type, std::string_view message, std::string_view more = "") {
  return fmt::format("<failure type=\"{}\" message=\"{}\">{}</failure>", xml(type), xml(message), xml(more));
}

std::string skipped(std::string_view message) {
  return fmt::format("<skipped message=\"{}\"/>", xml(message));
}

/// What a name leaves out.
std::string properties(const ReportedCase& c) {
  return fmt::format(
      "<properties><property name=\"id\" value=\"{}\"/><property name=\"regime\" "
      "value=\"{}\"/></properties>",
      xml(c.id), name(c.regime));
}

std::string body(const ReportedCase& c) {
  switch (c.status) {
    case Status::conforming:
      return "";
    case Status::failed:
      return failure(!c.finding.empty() ? c.finding
                     : c.grade          ? name(*c.grade)
                                        : "no answer",
                     c.message, c.reproduce);
    case Status::known:
      return skipped(fmt::format("known failure ({}): {}", c.reason, c.message));
    case Status::unchecked_domain:
      return fmt::format("<system-out>{}</system-out>", xml(c.message));
    case Status::not_offered:
      return skipped("not offered");
  }
  return "";
}

}  // namespace

namespace {

std::string junit(const Report& report, std::string_view command) {
  const std::vector<ReportRow> all = rows(report);
  const ReportRow sum = total(all);
  const auto findings = static_cast<std::size_t>(
      std::ranges::count_if(report.findings, [](const ReportedFinding& f) { return fails(f); }));

  const auto size = [](int n) { return static_cast<std::size_t>(n); };
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"assay {} {}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n",
      command, xml(report.implementation.name),
      report.cases.size() + report.findings.size() + report.stale.size(),
      size(sum.failed) + findings + report.stale.size(),
      size(sum.known + sum.not_offered) + report.findings.size() - findings);

  std::span<const ReportedCase> left = report.cases;
  for (const ReportRow& row : all) {
    const std::string suite = row.loss + "." + row.dtype + (row.variant.empty() ? "" : "." + row.variant);
    out += open_suite(suite, size(row.cases), size(row.failed), size(row.known + row.not_offered));
    std::set<std::string> names;
    for (const ReportedCase* c : by_regime(left.first(size(row.cases)))) {
      std::string test = c->slug.empty() ? c->id : c->slug;
      if (!names.insert(test).second) test += fmt::format(" ({})", c->id);
      out += test_case(suite, test, properties(*c) + body(*c));
    }
    left = left.subspan(size(row.cases));
    out += "  </testsuite>\n";
  }
  if (!report.findings.empty()) {
    out += open_suite("protocol", report.findings.size(), findings, report.findings.size() - findings);
    for (const ReportedFinding& f : report.findings)
      out += test_case("protocol", f.id,
                       fails(f) ? failure(f.id, f.message)
                       : f.severity == Severity::note
                           ? skipped(fmt::format("a note: {}", f.message))
                           : skipped(fmt::format("known failure ({}): {}", f.reason, f.message)));
    out += "  </testsuite>\n";
  }
  if (!report.stale.empty()) {
    out += open_suite("known-failures", report.stale.size(), report.stale.size(), 0);
    for (const StaleEntry& s : report.stale)
      out +=
          test_case("known-failures", s.pattern, failure("stale", fmt::format("line {}: {}", s.line, s.why)));
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace

std::string report_junit(const Report& report) { return junit(report, "verify"); }
std::string audit_junit(const Report& report) { return junit(report, "audit"); }

}  // namespace assay
