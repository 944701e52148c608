#include "tools/reports/report_summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <span>
#include <tuple>

#include "tools/reports/describe.hpp"
#include "tools/reports/report_rows.hpp"
#include "tools/reports/reported_finding.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

using Status = ReportedCase::Status;

/// More than these of one loss and dtype are counted, not shown: reports hold all.
constexpr std::size_t shown = 5;

std::string count(int n) { return n == 0 ? "." : fmt::format("{}", n); }

std::string table(const std::vector<ReportRow>& all) {
  std::size_t width = 4;
  for (const ReportRow& row : all) width = std::max(width, title(row.loss, row.variant).size());
  constexpr std::string_view layout =
      "{:<{}}  {:<5}  {:>6} {:>8} {:>7} {:>6} {:>8}  {:<10}  {:<17}  {:<12}  {}\n";
  std::string out = fmt::format(layout, "loss", width, "dtype", "cases", "conform", "failed", "known",
                                "unasked", "regime", "worst grade", "ulp", "condition");
  for (const ReportRow& row : all) {
    const ReportedCase* worst = row.worst;
    const bool judged = worst && worst->grade;
    out += fmt::format(layout, printable(title(row.loss, row.variant)), width, row.dtype, row.cases,
                       count(row.conforming), count(row.failed), count(row.known), count(row.not_offered),
                       worst ? name(worst->regime) : "",
                       judged  ? name(*worst->grade)
                       : worst ? "no answer"
                               : "",
                       judged ? ulps_text(worst->ulps) : "", judged ? condition_text(worst->condition) : "");
    while (out.ends_with(" \n")) out.erase(out.size() - 2, 1);
  }
  return out;
}

std::string failures(const Report& report) {
  std::map<std::pair<std::string, std::string>, std::vector<const ReportedCase*>> failed;
  std::map<Regime, std::size_t> count;
  for (const ReportedCase& c : report.cases)
    if (c.status == Status::failed) {
      failed[{c.loss, c.dtype}].push_back(&c);
      ++count[c.regime];
    }
  std::map<Regime, std::string> told;
  std::string more;
  for (auto& [key, cases] : failed) {
    std::ranges::stable_sort(cases, {}, [](const ReportedCase* c) {
      return std::tuple(c->regime, c->grade ? -static_cast<int>(*c->grade) : -99, -c->ulps);
    });
    for (const ReportedCase* c : std::span(cases).first(std::min(shown, cases.size())))
      told[c->regime] +=
          fmt::format("\n{}\n{}  {}\n", printable(c->message), last_lines(c->detail), c->reproduce);
    if (cases.size() > shown)
      more += fmt::format("\n{} {}: {} more failures; --report FILE.json tells all\n", key.first, key.second,
                          cases.size() - shown);
  }
  std::string out;
  for (const auto& [regime, n] : count)
    out += fmt::format("\n{}: {} failed\n{}", name(regime), n, told[regime]);
  return out + more;
}

/// "log-clamped-100 36": the conventions that cases of that status match, and how many of them do.
std::string by_convention(const Report& report, Status status) {
  std::map<std::string, int> matched;
  for (const ReportedCase& c : report.cases)
    if (c.status == status && !c.convention.empty()) ++matched[c.convention];
  std::vector<std::string> each;
  for (const auto& [convention, n] : matched) each.push_back(fmt::format("{} {}", printable(convention), n));
  return fmt::format("{}", fmt::join(each, ", "));
}

}  // namespace

std::string report_summary(const Report& report) {
  const std::vector<ReportRow> all = by_regime(rows(report));
  const ReportRow sum = total(all);
  std::string out = table(all) + failures(report);
  for (const ReportedFinding& f : report.findings)
    out +=
        fmt::format("\n{}: {}{}\n{}", printable(f.id), printable(f.message), remark(f), last_lines(f.detail));
  for (const StaleEntry& s : report.stale)
    out +=
        fmt::format("\nknown failures, line {}: '{}' {}; remove it\n", s.line, printable(s.pattern), s.why);

  out += fmt::format("\n{} {}: {} cases, {} conform", printable(report.implementation.name),
                     printable(report.implementation.version), sum.cases, sum.conforming);
  const auto also = [&](int n, std::string_view what) {
    if (n > 0) out += fmt::format(", {} {}", n, what);
  };
  also(sum.conventional,
       fmt::format("of them by a declared convention ({})", by_convention(report, Status::conforming)));
  also(sum.failed, "failed");
  if (const std::string undeclared = by_convention(report, Status::failed); !undeclared.empty())
    out += fmt::format(" (undeclared conventions: {})", undeclared);
  also(sum.known, "known to fail");
  also(sum.unchecked_domain, "invalid requests answered");
  also(sum.not_offered, "not offered");
  return out + "\n";
}

}  // namespace assay
