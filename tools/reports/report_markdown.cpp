#include "tools/reports/report_markdown.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tools/reports/describe.hpp"
#include "tools/reports/report_rows.hpp"
#include "tools/reports/reported_finding.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

/// Inside a cell of a table nothing may be markup.
std::string cell(std::string_view raw) {
  std::string out;
  for (const char c : printable(raw)) {
    if (std::string_view("|\\`*_<>[]#&~").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

/// A code span whose fence is longer than any run of backticks in it; '|' would end the cell even there.
std::string code(std::string_view raw) {
  std::string inside;
  std::size_t run = 0, longest = 0;
  for (const char c : printable(raw)) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
    inside += c == '|' ? std::string("\\|") : std::string(1, c);
  }
  const std::string fence(longest + 1, '`');
  const std::string_view gap = longest > 0 ? " " : "";
  return fmt::format("{0}{1}{2}{1}{0}", fence, gap, inside);
}

/// "stable, condition 9e+45: NearlyParallel": the grade and, as far as condition, flags or a convention say
/// so, why.
std::string mechanism(const ReportedCase& c) {
  std::string out = c.grade ? std::string(name(*c.grade)) : "no answer";
  if (c.grade && c.condition >= 100) out += ", condition " + condition_text(c.condition);
  const std::string why = !c.convention.empty() ? c.convention
                          : !c.finding.empty()  ? c.finding
                                                : fmt::format("{}", fmt::join(c.flags, ", "));
  return why.empty() ? out : out + ": " + why;
}

std::string line(const ReportRow& row) {
  const std::string conforming = fmt::format("{} of {}", row.conforming, row.cases - row.not_offered);
  if (!row.worst)
    return fmt::format("| {} | {} | {} | | | | | | |\n", code(title(row.loss, row.variant)), row.dtype,
                       conforming);
  const ReportedCase& w = *row.worst;
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n", code(title(row.loss, row.variant)),
                     row.dtype, conforming, name(w.regime), cell(w.slug), w.grade ? ulps_text(w.ulps) : "",
                     row.worst_finite ? ulps_text(row.worst_finite->ulps) : "", cell(mechanism(w)),
                     code(w.reproduce));
}

}  // namespace

std::string report_markdown(const Report& report) {
  const std::vector<ReportRow> all = by_regime(rows(report));
  const ReportRow sum = total(all);
  std::string out =
      fmt::format("{} {}, checked by assay {}: {} of {} cases {} or better", cell(report.implementation.name),
                  cell(report.implementation.version), report.version, sum.conforming,
                  sum.cases - sum.not_offered, name(report.require));
  if (sum.known > 0) out += fmt::format(", {} known failures", sum.known);
  if (sum.not_offered > 0) out += fmt::format(", {} not offered", sum.not_offered);
  if (sum.unchecked_domain > 0) out += fmt::format(", {} invalid requests answered", sum.unchecked_domain);
  out +=
      ".\n\n| loss | dtype | conforming | regime | worst case | ulp | finite ulp | grade | reproduce |\n"
      "|---|---|---|---|---|---|---|---|---|\n";
  for (const ReportRow& row : all)
    if (row.cases > row.not_offered) out += line(row);

  std::string failures;
  for (const ReportedFinding& f : report.findings)
    failures += fmt::format("- {}: {}{}\n", code(f.id), cell(f.message), cell(remark(f)));
  for (const StaleEntry& s : report.stale)
    failures += fmt::format("- known failure {} in line {}: {}\n", code(s.pattern), s.line, s.why);
  return failures.empty() ? out : out + "\n" + failures;
}

}  // namespace assay
