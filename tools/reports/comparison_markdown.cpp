// Of comparison.hpp: the page in Markdown.
#include "tools/reports/comparison_markdown.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/text/markdown.hpp"

namespace assay {
namespace {

/// The first two lines of a table: what stands before the columns of the reports, and these.
std::string head(const Comparison& comparison, const std::vector<std::string>& before) {
  std::string names = "|", bar = "|";
  for (const std::string& each : before) {
    names += fmt::format(" {} |", each);
    bar += "---|";
  }
  for (const ComparedReport& each : comparison.reports) {
    names += fmt::format(" {} |", markdown_text(each.label));
    bar += "---|";
  }
  return names + "\n" + bar + "\n";
}

std::string overview(const Comparison& comparison) {
  std::string out = head(comparison, {"conforming of asked"});
  for (const ComparisonRow& row : together(comparison.rows, true)) {
    out += fmt::format("| {}, {} |", name(row.regime), name(row.part));
    for (const Tally& cell : row.cells)
      out += cell.offered > 0 ? fmt::format(" {} of {} |", cell.conforming, cell.offered) : " |";
    out += "\n";
  }
  for (const ComparedReport& each : comparison.reports)
    out += fmt::format("\n- {}: {} by assay {}, at {}", markdown_text(each.label),
                       each.audit ? "audited" : "verified", markdown_text(each.report.version),
                       name(each.report.require));
  return out + "\n";
}

/// "- huber f32, slug (`id`): message"
std::string list(std::string_view title_of_list, const std::vector<Changes::Pair>& pairs,
                 const Report& report, std::optional<std::size_t> Changes::Pair::*which) {
  if (pairs.empty()) return "";
  std::string out = fmt::format("\n<details><summary>{} {}</summary>\n\n", pairs.size(), title_of_list);
  for (const Changes::Pair& pair : pairs) {
    const ReportedCase& c = report.cases[*(pair.*which)];
    out += fmt::format("- {}, {} {}: {} ({}){}{}\n", name(c.regime), markdown_text(title(c.loss, c.variant)),
                       markdown_text(c.dtype), markdown_text(c.slug), markdown_code(c.id),
                       c.message.empty() ? "" : ": ", markdown_text(c.message));
  }
  return out + "\n</details>\n";
}

std::string changed(const Changes& changes, const Comparison& comparison) {
  const Report &before = comparison.reports[changes.before].report,
               &after = comparison.reports[changes.after].report;
  constexpr auto now = &Changes::Pair::after, then = &Changes::Pair::before;
  return fmt::format("\n## {}\n", markdown_text(changes_text(changes, comparison))) +
         list("broken", changes.broken, after, now) + list("fixed", changes.fixed, after, now) +
         list("new", changes.added, after, now) + list("gone", changes.gone, before, then);
}

std::string causes(const Comparison& comparison) {
  if (comparison.causes.empty()) return "";
  std::string out = "\n## What fails\n\n" + head(comparison, {"loss", "regime", "cause"});
  for (const ComparedCause& cause : comparison.causes) {
    out += fmt::format("| {} | {} | {} |", markdown_code(cause.loss), name(cause.regime),
                       markdown_text(cause.what));
    for (std::size_t i = 0; i < cause.causes.size(); ++i) {
      out += " ";
      if (!cause.causes[i]) {
        out += "|";
        continue;
      }
      const Cause& each = comparison.reports[i].report.causes[*cause.causes[i]];
      out += fmt::format("{}{} |", each.cases.size(), each.known ? ", known" : "");
    }
    out += "\n";
  }
  return out;
}

/// Of one regime, a line for each loss and part, those first that do not conform in every column.
std::string losses(const Comparison& comparison, std::span<const ComparisonRow> rows, Regime regime) {
  std::string good, bad;
  for (const ComparisonRow& row : rows) {
    if (row.regime != regime) continue;
    std::string line = fmt::format("| {} | {} |", markdown_code(row.loss), name(row.part));
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const std::string text = tally_text(row.cells[i], comparison.reports[i].report.require);
      const std::string_view strong = row.cells[i].conforms() ? "" : "**";
      line += fmt::format(" {0}{1}{0} |", strong, text);
    }
    (std::ranges::all_of(row.cells, &Tally::conforms) ? good : bad) += line + "\n";
  }
  if (good.empty() && bad.empty()) return "";
  std::string out = fmt::format("\n## {}\n", name(regime));
  if (!bad.empty()) out += "\n" + head(comparison, {"loss", "part"}) + bad;
  if (!good.empty())
    out += fmt::format("\n<details><summary>{} conform in every column</summary>\n\n",
                       std::ranges::count(good, '\n')) +
           head(comparison, {"loss", "part"}) + good + "\n</details>\n";
  return out;
}

}  // namespace

std::string comparison_markdown(const Comparison& comparison) {
  const bool many = comparison.reports.size() > most_columns;
  std::string out = many ? comparison_of_many(comparison) : overview(comparison);
  for (const Changes& each : comparison.changes) out += changed(each, comparison);
  if (many) return out;
  out += causes(comparison);
  const std::vector<ComparisonRow> rows = together(comparison.rows);
  for (const Regime each : regimes) out += losses(comparison, rows, each);
  return out;
}

}  // namespace assay
