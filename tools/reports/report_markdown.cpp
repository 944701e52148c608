#include "tools/reports/report_markdown.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "tools/reports/cause.hpp"
#include "tools/reports/cause_words.hpp"
#include "tools/reports/describe.hpp"
#include "tools/reports/report_rows.hpp"
#include "tools/reports/reported_finding.hpp"
#include "tools/reports/reproducer.hpp"
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

/// As a block of its own, which nothing in it ends.
std::string block(std::string_view language, const std::string& text) {
  std::size_t run = 0, longest = 2;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const bool plain =
      language.find_first_not_of("abcdefghijklmnopqrstuvwxyz+#0123456789") == std::string_view::npos;
  const std::string fence(longest + 1, '`');
  return fmt::format("{0}{1}\n{2}{0}\n", fence, plain ? language : "", printable_lines(text));
}

std::string folded(const std::string& summary, const std::string& text) {
  return fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n\n", summary, text);
}

std::string at_length(const Cause& cause, const Report& report) {
  const ReportedCase& c = report.cases.at(cause.cases.front());
  std::string out = fmt::format("**{}**\n\n{}\n\n", cell(cause_headline(cause, report)),
                                code(cause_example(cause, report, Numerals::decimal)));
  if (const std::string why = cause_mechanism(cause); !why.empty())
    out += fmt::format("Why: {}\n\n", cell(why));
  std::string again;
  if (!cause.snippet.empty()) again += block(cause.language, cause.snippet) + "\n";
  if (!c.reproduce.empty()) again += block("sh", c.reproduce);
  return again.empty() ? out : out + folded("again", again);
}

/// A row of the table of causes that are not told at length.
std::string row_of(const Cause& cause, const Report& report) {
  const std::string why = cause_mechanism(cause);
  return fmt::format("| {} | {} | {} | {} | {} |\n", cause.cases.size(),
                     code(title(cause.loss, cause.variant)), fmt::join(cause.dtypes, " "),
                     cell(cause.known && !cause.reason.empty() ? cause.reason
                          : why.empty()                        ? cause.what
                                                               : fmt::format("{}; {}", cause.what, why)),
                     code(cause_example(cause, report, Numerals::decimal)));
}

std::string table_of(const std::vector<const Cause*>& causes, const Report& report) {
  std::string out = "| cases | loss | dtypes | cause | a case |\n|---|---|---|---|---|\n";
  for (const Cause* each : causes) out += row_of(*each, report);
  return out;
}

std::string told_causes(const Report& report) {
  std::vector<const Cause*> known;
  std::map<Regime, std::vector<const Cause*>> rest;
  std::string out;
  std::optional<Regime> regime;
  const std::vector<std::size_t> at_length_at = told_at_length(report.causes);
  for (std::size_t i = 0; i < report.causes.size(); ++i) {
    const Cause& each = report.causes[i];
    if (each.known) {
      known.push_back(&each);
    } else if (std::ranges::binary_search(at_length_at, i)) {
      if (regime != each.regime) out += fmt::format("### {}\n\n", name(each.regime));
      regime = each.regime;
      out += at_length(each, report);
    } else {
      rest[each.regime].push_back(&each);
    }
  }
  const auto cases = [&](const std::vector<const Cause*>& all) {
    std::size_t sum = 0;
    for (const Cause* each : all) sum += each->cases.size();
    return counted(sum, report.unit);
  };
  for (const auto& [at, all] : rest)
    out += folded(fmt::format("{}{}, {}: {}", regime && at <= *regime ? "more of " : "", name(at),
                              counted(all.size(), "cause"), cases(all)),
                  table_of(all, report));
  if (!known.empty())
    out += folded(fmt::format("known failures, {}: {}", counted(known.size(), "cause"), cases(known)),
                  table_of(known, report));
  return out;
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
  if (!report.causes.empty()) out += fmt::format("; {}", counted(report.causes.size(), "cause"));
  out += ".\n\n" + told_causes(report);
  out +=
      "| loss | dtype | conforming | regime | worst case | ulp | finite ulp | grade | reproduce |\n"
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
