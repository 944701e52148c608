#include "tools/reports/report_summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "tools/reports/cause_words.hpp"
#include "tools/reports/describe.hpp"
#include "tools/reports/report_rows.hpp"
#include "tools/reports/reported_finding.hpp"
#include "tools/reports/reproducer.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

using Status = ReportedCase::Status;

/// So many causes are told with a case, a mechanism and a command; the rest take a line each.
constexpr std::size_t told_at_length = 10;
/// Of so many the case is shown as a program, too: the first, which is what one pastes.
constexpr std::size_t told_with_snippet = 1;

std::string bold(const std::string& text, const SummaryStyle& style) {
  return style.colour ? fmt::format("\x1b[1m{}\x1b[0m", text) : text;
}

std::string at_length(const Cause& cause, const Report& report, bool with_snippet,
                      const SummaryStyle& style) {
  const ReportedCase& c = report.cases.at(cause.cases.front());
  std::string out = bold(cause_headline(cause, report), style) + "\n";
  out += wrapped(cause_example(cause, report, Numerals::decimal), "  ");
  if (style.hex) out += wrapped(cause_example(cause, report, Numerals::hex), "  ");
  if (const std::string why = cause_mechanism(cause); !why.empty()) out += wrapped("why: " + why, "  ");
  out += last_lines(c.detail);
  if (with_snippet && !cause.snippet.empty()) {
    out += fmt::format("  in {}:\n", printable(cause.language));
    for (std::string_view rest = cause.snippet; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      out += fmt::format("    {}\n", printable(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return c.reproduce.empty() ? out : fmt::format("{}  {}\n", out, c.reproduce);
}

std::string heading(Regime regime, const std::vector<const Cause*>& causes) {
  std::size_t cases = 0, of_regime = 0;
  for (const Cause* each : causes)
    if (each->regime == regime) cases += each->cases.size(), ++of_regime;
  return fmt::format("{}: {}, {}", name(regime), counted(of_regime, "cause"), counted(cases, "failure"));
}

std::string table(const std::vector<ReportRow>& failing) {
  std::size_t width = 4;
  for (const ReportRow& row : failing) width = std::max(width, title(row.loss, row.variant).size());
  constexpr std::string_view layout = "{:<{}}  {:<5}  {:>12}  {:>6}  {:<10}  {:<17}  {}\n";
  std::string out =
      fmt::format(layout, "loss", width, "dtype", "conform", "failed", "regime", "worst grade", "ulp");
  for (const ReportRow& row : failing) {
    const ReportedCase* worst = row.worst;
    const bool judged = worst && worst->grade;
    out += fmt::format(layout, printable(title(row.loss, row.variant)), width, row.dtype,
                       fmt::format("{} of {}", row.conforming, row.cases - row.not_offered), row.failed,
                       worst ? name(worst->regime) : "",
                       judged  ? name(*worst->grade)
                       : worst ? "no answer"
                               : "",
                       judged ? ulps_text(worst->ulps) : "");
    while (out.ends_with(" \n")) out.erase(out.size() - 2, 1);
  }
  return out + "\n";
}

/// Losses by what became of them in any dtype: each in one of these lines.
std::string other_losses(const std::vector<ReportRow>& all) {
  std::map<std::string, int> failed, known, asked;
  std::vector<std::string> names;
  std::size_t not_offered = 0;
  for (const ReportRow& row : all) {
    const std::string loss = title(row.loss, row.variant);
    if (std::ranges::find(names, loss) == names.end()) names.push_back(loss);
    failed[loss] += row.failed;
    known[loss] += row.known;
    asked[loss] += row.cases - row.not_offered;
    not_offered += static_cast<std::size_t>(row.not_offered);
  }
  std::vector<std::string> conform, excused, never;
  for (const std::string& loss : names)
    if (asked[loss] == 0)
      never.push_back(printable(loss));
    else if (failed[loss] == 0)
      (known[loss] > 0 ? excused : conform).push_back(printable(loss));
  const auto line = [](std::string_view what, const std::vector<std::string>& losses) {
    return losses.empty() ? "" : wrapped(fmt::format("{}: {}", what, fmt::join(losses, ", ")), "");
  };
  std::string out = line("conform", conform) + line("conform but for known failures", excused);
  if (not_offered == 0) return out;
  std::string what = fmt::format("not offered: {}", counted(not_offered, "case"));
  if (!never.empty()) what += fmt::format(", among them all of {}", fmt::join(never, ", "));
  return out + wrapped(what, "");
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

SummaryStyle summary_style(bool hex) {
  return {.colour = isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr, .hex = hex};
}

std::string causes_summary(const Report& report, const SummaryStyle& style) {
  std::vector<const Cause*> open;
  for (const Cause& each : report.causes)
    if (!each.known) open.push_back(&each);
  const std::size_t long_ones = std::min(open.size(), told_at_length);
  const std::vector<const Cause*> rest(open.begin() + static_cast<std::ptrdiff_t>(long_ones), open.end());

  std::string out;
  std::optional<Regime> regime;
  const auto enter = [&](Regime next) {
    if (regime != next) out += fmt::format("{}\n\n", bold(heading(next, open), style));
    regime = next;
  };
  for (std::size_t i = 0; i < long_ones; ++i) {
    enter(open[i]->regime);
    out += at_length(*open[i], report, i < told_with_snippet, style) + "\n";
  }
  for (const KindOfCause& kind : by_kind(rest)) {
    if (regime && regime != kind.regime && out.back() == '\n' && !out.ends_with("\n\n")) out += "\n";
    enter(kind.regime);
    out += wrapped(kind_line(kind, report), "  ", "      ");
  }
  if (!rest.empty()) out += "\n";
  return out;
}

std::string report_summary(const Report& report, const SummaryStyle& style) {
  const std::vector<ReportRow> all = by_regime(rows(report));
  const ReportRow sum = total(all);
  std::vector<ReportRow> failing;
  std::ranges::copy_if(all, std::back_inserter(failing), [](const ReportRow& row) { return row.failed > 0; });
  std::string out = causes_summary(report, style);
  if (!failing.empty()) out += table(failing);
  out += other_losses(rows(report));
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
