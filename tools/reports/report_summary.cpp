#include "tools/reports/report_summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "tools/reports/cause.hpp"
#include "tools/reports/cause_words.hpp"
#include "tools/reports/describe.hpp"
#include "tools/reports/report_rows.hpp"
#include "tools/reports/reported_finding.hpp"
#include "tools/reports/reproducer.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

using Status = ReportedCase::Status;

std::string bold(const std::string& text, const SummaryStyle& style) {
  return style.colour ? fmt::format("\x1b[1m{}\x1b[0m", text) : text;
}

std::string at_length(const Cause& cause, const Report& report, bool with_snippet,
                      const SummaryStyle& style) {
  const ReportedCase& c = report.cases.at(cause.cases.front());
  std::string headline = wrapped(cause_headline(cause, report), "");
  headline.pop_back();
  std::string out = bold(headline, style) + "\n";
  out += wrapped(cause_example(cause, report, Numerals::decimal), "  ");
  if (style.hex) out += wrapped(cause_example(cause, report, Numerals::hex), "  ");
  if (const std::string why = cause_mechanism(cause); !why.empty()) out += wrapped("why: " + why, "  ");
  out += last_lines(c.detail);
  if (with_snippet && !cause.snippet.empty()) {
    out += fmt::format("  in {}:\n", printable(cause.language));
    for (std::string_view rest = cause.snippet; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      out += end == 0 ? "\n" : fmt::format("    {}\n", printable(rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return c.reproduce.empty() ? out : fmt::format("{}  {}\n", out, c.reproduce);
}

/// Failures count where they are, whichever regime tells their cause.
std::string heading(Regime regime, const std::vector<const Cause*>& open, const Report& report) {
  const auto told = static_cast<std::size_t>(std::ranges::count(open, regime, &Cause::regime));
  std::size_t failures = 0;
  for (const Cause* each : open)
    for (const std::size_t i : each->cases) failures += report.cases.at(i).regime == regime;
  return fmt::format("{}: {}, {}", name(regime), counted(told, "cause"), counted(failures, "failure"));
}

/// Of the causes at these places the one that is the shortest program: what one pastes. None writes any: all.
std::size_t shortest_program(const std::vector<Cause>& causes, const std::vector<std::size_t>& places) {
  std::size_t best = causes.size();
  const auto lines = [&](std::size_t i) { return std::ranges::count(causes[i].snippet, '\n'); };
  for (const std::size_t i : places)
    if (!causes[i].snippet.empty() && (best == causes.size() || lines(i) < lines(best))) best = i;
  return best;
}

/// The dtypes of a loss together, those that fail named.
std::vector<ReportRow> by_loss(const std::vector<ReportRow>& all) {
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  std::vector<std::vector<ReportRow>> groups;
  for (const ReportRow& row : all) {
    const auto [place, is_new] = places.try_emplace({row.loss, row.variant}, groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(row);
  }
  std::vector<ReportRow> out;
  for (const std::vector<ReportRow>& group : groups) {
    ReportRow sum = total(group);
    sum.loss = group.front().loss;
    sum.variant = group.front().variant;
    for (const ReportRow& row : group)
      if (row.failed > 0) sum.dtype += (sum.dtype.empty() ? "" : " ") + row.dtype;
    out.push_back(std::move(sum));
  }
  return by_regime(std::move(out));
}

std::string table(const std::vector<ReportRow>& failing) {
  std::size_t width = 4;
  for (const ReportRow& row : failing) width = std::max(width, title(row.loss, row.variant).size());
  constexpr std::string_view layout = "{:<{}}  {:<7}  {:>12}  {:>6}  {:<10}  {:<17}  {}\n";
  std::string out =
      fmt::format(layout, "loss", width, "dtypes", "conform", "failed", "regime", "worst grade", "ulp");
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
  std::vector<const Cause*> open, rest;
  const std::vector<std::size_t> at = told_at_length(report.causes);
  for (std::size_t i = 0; i < report.causes.size(); ++i) {
    if (report.causes[i].known) continue;
    open.push_back(&report.causes[i]);
    if (!std::ranges::binary_search(at, i)) rest.push_back(&report.causes[i]);
  }
  const std::vector<KindOfCause> in_a_line = by_kind(rest);
  const std::size_t with_snippet = shortest_program(report.causes, at);

  std::string out;
  for (const Regime regime : regimes) {
    if (std::ranges::find(open, regime, &Cause::regime) == open.end()) continue;
    out += fmt::format("{}\n\n", bold(heading(regime, open, report), style));
    for (const std::size_t i : at)
      if (report.causes[i].regime == regime)
        out += at_length(report.causes[i], report, i == with_snippet, style) + "\n";
    std::string lines;
    for (const KindOfCause& kind : in_a_line)
      if (kind.regime == regime) lines += wrapped(kind_line(kind, report), "  ", "      ");
    if (!lines.empty()) out += lines + "\n";
  }
  return out;
}

std::string report_summary(const Report& report, const SummaryStyle& style) {
  const std::vector<ReportRow> all = rows(report), together = by_loss(all);
  const ReportRow sum = total(all);
  std::vector<ReportRow> failing;
  std::ranges::copy_if(together, std::back_inserter(failing),
                       [](const ReportRow& row) { return row.failed > 0; });
  std::string out = causes_summary(report, style);
  if (!failing.empty()) out += table(failing);
  out += other_losses(together);
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
