// Of comparison.hpp: the page in Markdown where the reports are too many to be columns. They are rows, or
// names in a cell; what only unusual inputs show is folded.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tools/reports/comparison_markdown.hpp"
#include "tools/text/markdown.hpp"

namespace assay {
namespace {

/// A column's name in a cell: without its version where no other column has that name.
std::vector<std::string> short_names(const Comparison& comparison) {
  std::map<std::string, int> count;
  for (const ComparedReport& each : comparison.reports) ++count[each.report.implementation.name];
  std::vector<std::string> out;
  for (const ComparedReport& each : comparison.reports) {
    const std::string& name = each.report.implementation.name;
    out.push_back(markdown_text(count[name] == 1 ? name : each.label));
  }
  return out;
}

/// What was joined with ", " or "; ".
std::string list(const std::string& cell) { return cell.empty() ? "" : cell.substr(2); }

/// A row for each report: how many cases conform of those asked.
std::string overview(const Comparison& comparison) {
  const std::vector<ComparisonRow> rows = together(comparison.rows, true);
  std::string names = "| conforming of asked | losses | dtypes |", bar = "|---|---|---|";
  for (const ComparisonRow& row : rows) {
    names += fmt::format(" {}, {} |", name(row.regime), name(row.part));
    bar += "---|";
  }
  std::string out = names + "\n" + bar + "\n";
  for (std::size_t i = 0; i < comparison.reports.size(); ++i) {
    std::set<std::string> losses, dtypes;
    for (const ReportedCase& each : comparison.reports[i].report.cases)
      if (each.status != ReportedCase::Status::not_offered) {
        losses.insert(each.loss);
        dtypes.insert(each.dtype);
      }
    std::string narrow;
    for (const std::string& each : dtypes) narrow += (narrow.empty() ? "" : " ") + markdown_text(each);
    out += fmt::format("| {} | {} | {} |", markdown_text(comparison.reports[i].label), losses.size(), narrow);
    for (const ComparisonRow& row : rows) {
      const Tally& cell = row.cells[i];
      out += cell.offered > 0 ? fmt::format(" {} of {} |", cell.conforming, cell.offered) : " |";
    }
    out += "\n";
  }
  std::set<std::string> how;
  for (const ComparedReport& each : comparison.reports)
    how.insert(fmt::format("{} by assay {}, at {}", each.audit ? "audited" : "verified",
                           markdown_text(each.report.version), name(each.report.require)));
  out += "\n";
  for (const std::string& each : how) out += fmt::format("- {}\n", each);
  return out;
}

/// A row's loss without its variant, and the variant as it stands behind a name: "" or " (as-printed)".
std::pair<std::string, std::string> apart(const std::string& title) {
  const std::size_t end = std::min(title.find(" ("), title.size());
  return {title.substr(0, end), title.substr(end)};
}

/// Of one regime, a row for each loss and part: who conforms, and how far off the others are. Variants stand
/// behind the names.
std::string losses(const Comparison& comparison, std::span<const ComparisonRow> rows, Regime regime,
                   const std::vector<std::string>& names) {
  struct Row {
    std::string loss;
    Part part;
    std::string good{}, bad{};
  };
  std::vector<Row> table;
  for (const ComparisonRow& row : rows) {
    if (row.regime != regime) continue;
    const auto [loss, variant] = apart(row.loss);
    auto into = std::ranges::find_if(
        table, [&](const Row& each) { return each.loss == loss && each.part == row.part; });
    if (into == table.end()) into = table.insert(into, {loss, row.part});
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (row.cells[i].offered == 0) continue;
      const std::string who = names[i] + markdown_text(variant);
      if (row.cells[i].conforms())
        into->good += ", " + who;
      else
        into->bad +=
            fmt::format("; **{}** {}", who, tally_text(row.cells[i], comparison.reports[i].report.require));
    }
  }
  std::string text;
  std::size_t failing = 0;
  for (const Row& row : table) {
    if (row.good.empty() && row.bad.empty()) continue;
    failing += row.bad.empty() ? 0 : 1;
    text += fmt::format("| {} | {} | {} | {} |\n", markdown_code(row.loss), name(row.part), list(row.good),
                        list(row.bad));
  }
  if (text.empty()) return "";
  const std::string head = "| loss | part | conform | do not |\n|---|---|---|---|\n";
  if (regime == Regime::everyday) return fmt::format("\n## {}\n\n{}{}", name(regime), head, text);
  return fmt::format("\n<details><summary>{}: not all conform in {} rows</summary>\n\n{}{}\n</details>\n",
                     name(regime), failing, head, text);
}

/// What fails on everyday inputs, once a cause, with the number of cases of each report.
std::string causes(const Comparison& comparison, const std::vector<std::string>& names) {
  struct Row {
    std::string loss, what;
    std::map<std::string, std::size_t> cases;  // by who fails
  };
  std::vector<Row> rows;
  std::size_t others = 0;
  for (const ComparedCause& cause : comparison.causes) {
    if (cause.regime != Regime::everyday) {
      ++others;
      continue;
    }
    const auto [loss, variant] = apart(cause.loss);
    auto row = std::ranges::find_if(
        rows, [&](const Row& each) { return each.loss == loss && each.what == cause.what; });
    if (row == rows.end()) row = rows.insert(row, {loss, cause.what, {}});
    for (std::size_t i = 0; i < cause.causes.size(); ++i)
      if (cause.causes[i])
        row->cases[names[i] + markdown_text(variant)] +=
            comparison.reports[i].report.causes[*cause.causes[i]].cases.size();
  }
  if (rows.empty() && others == 0) return "";
  std::string out = "\n## What fails on everyday inputs\n\n";
  if (!rows.empty()) out += "| loss | cause | cases |\n|---|---|---|\n";
  for (const Row& row : rows) {
    std::string cells;
    for (const auto& [who, count] : row.cases) cells += fmt::format(", {} {}", who, count);
    out += fmt::format("| {} | {} | {} |\n", markdown_code(row.loss), markdown_text(row.what), list(cells));
  }
  if (others > 0)
    out += fmt::format("\nCauses that only other inputs show: {}. The HTML page has them.\n", others);
  return out;
}

}  // namespace

std::string comparison_of_many(const Comparison& comparison) {
  const std::vector<std::string> names = short_names(comparison);
  const std::vector<ComparisonRow> rows = together(comparison.rows);
  std::string out = overview(comparison);
  for (const Regime each : regimes) out += losses(comparison, rows, each, names);
  return out + causes(comparison, names);
}

}  // namespace assay
