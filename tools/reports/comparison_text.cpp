// Of comparison.hpp: what is said in words, and the whole for a terminal.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "tools/reports/comparison.hpp"
#include "tools/reports/describe.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

/// More changed cases of a kind are counted, not shown: the other forms show all.
constexpr std::size_t shown = 10;

constexpr std::array parts{Part::value, Part::gradient, Part::promise};

/// A table of texts, two blanks between its columns, each as wide as its widest text.
class Table {
 public:
  void add(std::vector<std::string> line) { lines_.push_back(std::move(line)); }
  [[nodiscard]] std::string text() const {
    std::vector<std::size_t> widths;
    for (const auto& line : lines_) {
      widths.resize(std::max(widths.size(), line.size()));
      for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], line[i].size());
    }
    std::string out;
    for (const auto& line : lines_) {
      std::string one;
      for (std::size_t i = 0; i < line.size(); ++i) one += fmt::format("{:<{}}", line[i], widths[i] + 2);
      out += one.substr(0, one.find_last_not_of(' ') + 1) + "\n";
    }
    return out;
  }

 private:
  std::vector<std::vector<std::string>> lines_;
};

/// A line for each implementation and part, a column for each regime.
std::string overview(const Comparison& comparison) {
  const std::vector<ComparisonRow> sums = together(comparison.rows, true);
  std::vector<Regime> present;
  for (const ComparisonRow& row : sums)
    if (present.empty() || present.back() != row.regime) present.push_back(row.regime);
  Table table;
  std::vector<std::string> head{"conforming of asked", ""};
  for (const Regime each : present) head.emplace_back(name(each));
  table.add(std::move(head));
  for (std::size_t column = 0; column < comparison.reports.size(); ++column) {
    std::string label = printable(comparison.reports[column].label);
    for (const Part part : parts) {
      std::vector<std::string> line{label, std::string(name(part))};
      for (const Regime regime : present) {
        const auto row = std::ranges::find_if(
            sums, [&](const ComparisonRow& r) { return r.regime == regime && r.part == part; });
        const Tally none, &cell = row == sums.end() ? none : row->cells[column];
        line.push_back(cell.offered > 0 ? fmt::format("{}/{}", cell.conforming, cell.offered) : ".");
      }
      if (std::ranges::all_of(line.begin() + 2, line.end(), [](const std::string& s) { return s == "."; }))
        continue;
      table.add(std::move(line));
      label.clear();
    }
  }
  return table.text();
}

/// Grades at which reports were judged, where they are not all the same one.
std::string unlike_grades(const Comparison& comparison) {
  const auto require = [](const ComparedReport& each) { return each.report.require; };
  const Grade first = require(comparison.reports.front());
  if (std::ranges::all_of(comparison.reports, [&](const auto& each) { return require(each) == first; }))
    return "";
  std::vector<std::string> all;
  for (const ComparedReport& each : comparison.reports)
    all.push_back(fmt::format("{} at {}", printable(each.label), name(require(each))));
  return fmt::format("\nnot judged alike: {}\n", fmt::join(all, ", "));
}

std::string changed(const Changes& changes, const Comparison& comparison) {
  std::string out = "\n" + changes_text(changes, comparison) + "\n";
  const Report& now = comparison.reports[changes.after].report;
  const auto list = [&](std::string_view what, const std::vector<Changes::Pair>& pairs) {
    for (std::size_t i = 0; i < std::min(shown, pairs.size()); ++i) {
      const ReportedCase& c = now.cases[*pairs[i].after];
      const std::string said = c.message.empty() ? title(c.loss, c.variant) + " " + c.dtype : c.message;
      out += fmt::format("  {}, {}: {} ({})\n", what, name(c.regime), printable(said), printable(c.slug));
    }
    if (pairs.size() > shown) out += fmt::format("  and {} more {}\n", pairs.size() - shown, what);
  };
  list("broken", changes.broken);
  list("fixed", changes.fixed);
  return out;
}

/// Of one regime, the losses that do not conform in every column.
std::string losses(const Comparison& comparison, std::span<const ComparisonRow> rows, Regime regime) {
  Table table;
  std::vector<std::string> head{std::string(name(regime)), ""};
  for (const ComparedReport& each : comparison.reports) head.push_back(printable(each.label));
  table.add(std::move(head));
  std::size_t good = 0, bad = 0;
  for (const ComparisonRow& row : rows) {
    if (row.regime != regime) continue;
    const bool conform = std::ranges::all_of(row.cells, &Tally::conforms);
    ++(conform ? good : bad);
    if (conform) continue;
    std::vector<std::string> line{printable(row.loss), std::string(name(row.part))};
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const std::string text = tally_text(row.cells[i], comparison.reports[i].report.require);
      line.push_back(text.empty() ? "." : text);
    }
    table.add(std::move(line));
  }
  if (good + bad == 0) return "";
  if (bad == 0) return fmt::format("\n{}: all {} conform in every column\n", name(regime), good);
  return "\n" + table.text() + (good == 0 ? "" : fmt::format("{} others conform in every column\n", good));
}

}  // namespace

std::string tally_text(const Tally& tally, Grade require) {
  if (tally.offered == 0) return "";
  std::string out = fmt::format("{}/{}", tally.conforming, tally.offered);
  const auto& worst = tally.worst;
  const std::string ulps = worst && std::isfinite(worst->ulps) ? ulps_text(worst->ulps) + " ulp" : "";
  if (tally.conforms()) return ulps.empty() ? out : out + ", " + ulps;
  if (tally.unanswered > 0 && !(worst && worst->grade > require)) return out + ", no answer";
  if (!worst) return out;
  return fmt::format("{}, {}{}{}", out, name(worst->grade), ulps.empty() ? "" : ", ", ulps);
}

std::string changes_text(const Changes& changes, const Comparison& comparison) {
  std::string out = fmt::format("{} -> {}: {} fixed, {} broken, {} new",
                                printable(comparison.reports[changes.before].label),
                                printable(comparison.reports[changes.after].label), changes.fixed.size(),
                                changes.broken.size(), changes.added.size());
  if (changes.added_failing > 0) out += fmt::format(" ({} of them fail)", changes.added_failing);
  return out + fmt::format(", {} gone", changes.gone.size());
}

std::string comparison_summary(const Comparison& comparison) {
  std::string out = overview(comparison) + unlike_grades(comparison);
  for (const Changes& each : comparison.changes) out += changed(each, comparison);
  const std::vector<ComparisonRow> rows = together(comparison.rows);
  for (const Regime each : regimes) out += losses(comparison, rows, each);
  return out;
}

}  // namespace assay
