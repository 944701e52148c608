#include "tools/reports/comparison_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "tools/reports/describe.hpp"
#include "tools/reports/html_matrix.hpp"
#include "tools/reports/html_page.hpp"

namespace assay {
namespace {

/// Of longer lists, the JSON reports have the rest.
constexpr std::size_t most_listed = 200;

std::string cell_html(const Tally& tally) {
  if (tally.offered == 0) return "<td></td>";
  const std::size_t failing = tally.offered - tally.conforming;
  const bool silent = failing > 0 && (tally.unanswered > 0 || !tally.worst);
  const std::optional<Grade> grade =
      silent || !tally.worst ? std::nullopt : std::optional(tally.worst->grade);
  const int shade = grade ? static_cast<int>(*grade) : failing > 0 ? 7 : 8;
  std::string said = failing > 0 ? fmt::format("{} of {} fail", failing, tally.offered)
                                 : fmt::format("all {} conform", tally.offered);
  if (silent)
    said += fmt::format("; {} without an answer", tally.unanswered);
  else if (grade)
    said += fmt::format("; worst: {}, {} ulp", name(*grade), ulps_text(tally.worst->ulps));
  const std::string seen =
      failing > 0 ? fmt::format("<b>{}</b>/{}", failing, tally.offered) : fmt::format("{}", tally.offered);
  return fmt::format(
      "<td class=\"g{}\" title=\"{}\"><span aria-hidden=\"true\">{} <i>{}</i></span><span "
      "class=\"vh\">{}</span></td>",
      shade, said, seen, shade == 8 ? "" : grade_sign(grade), said);
}

std::string columns_html(const Comparison& comparison, std::string_view scope) {
  std::string out;
  for (const ComparedReport& each : comparison.reports)
    out += fmt::format("<th scope=\"{}\">{}</th>", scope, html_text(each.label));
  return out;
}

std::string reports_html(const Comparison& comparison) {
  std::string rows;
  for (std::size_t column = 0; column < comparison.reports.size(); ++column) {
    const ComparedReport& each = comparison.reports[column];
    std::size_t conforming = 0, offered = 0;
    for (const ReportedCase& c : each.report.cases) {
      if (c.status == ReportedCase::Status::not_offered || c.status == ReportedCase::Status::unchecked_domain)
        continue;
      ++offered;
      conforming += c.status == ReportedCase::Status::conforming;
    }
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{} of "
        "{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        html_text(each.label), each.audit ? "audit" : "golden files", conforming, offered,
        name(each.report.require), each.conforms ? "conforms" : "does not conform",
        html_text(each.report.version), html_text(each.path));
  }
  return "<div class=\"scroll\"><table>\n<caption>What is compared</caption>\n<thead><tr><th "
         "scope=\"col\">implementation</th><th scope=\"col\">by</th><th scope=\"col\">conforming</th><th "
         "scope=\"col\">required</th><th scope=\"col\">verdict</th><th scope=\"col\">assay</th><th "
         "scope=\"col\">report</th></tr></thead>\n<tbody>\n" +
         rows + "</tbody>\n</table></div>\n";
}

/// Rows are losses, values and gradients apart; beneath each regime the implementations stand side by side.
std::string matrix_html(const Comparison& comparison) {
  using Place = std::pair<std::string, Part>;
  std::map<Place, std::map<Regime, const ComparisonRow*>> places;
  std::vector<Place> order;
  std::set<Regime> occurring;
  const std::vector<ComparisonRow> rows = together(comparison.rows);
  for (const ComparisonRow& each : rows) {
    auto [place, is_new] = places.try_emplace({each.loss, each.part});
    if (is_new) order.push_back(place->first);
    place->second[each.regime] = &each;
    occurring.insert(each.regime);
  }
  if (order.empty()) return "";
  std::string out = legend_html("case");
  out +=
      "<div class=\"scroll\">\n<table class=\"matrix compared\">\n<caption>How many fail of those asked, and "
      "the "
      "worst "
      "grade, dtypes "
      "together</caption>\n<thead>\n<tr><th rowspan=\"2\" scope=\"col\">loss</th><th rowspan=\"2\" "
      "scope=\"col\">output</th>";
  for (const Regime each : occurring)
    out +=
        fmt::format("<th scope=\"colgroup\" colspan=\"{}\">{}</th>", comparison.reports.size(), name(each));
  out += "</tr>\n<tr>";
  for ([[maybe_unused]] const Regime each : occurring) out += columns_html(comparison, "col");
  out += "</tr>\n</thead>\n<tbody>\n";
  for (const Place& place : order) {
    out +=
        fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td>", html_text(place.first), name(place.second));
    for (const Regime regime : occurring) {
      const auto row = places[place].find(regime);
      for (std::size_t column = 0; column < comparison.reports.size(); ++column)
        out += row == places[place].end() ? "<td></td>" : cell_html(row->second->cells[column]);
    }
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n</div>\n";
}

std::string causes_html(const Comparison& comparison) {
  std::string rows;
  for (const ComparedCause& each : comparison.causes) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td>", html_text(each.loss),
                        name(each.regime), html_text(each.what));
    for (std::size_t column = 0; column < each.causes.size(); ++column) {
      if (!each.causes[column]) {
        rows += "<td></td>";
        continue;
      }
      const Cause& cause = comparison.reports[column].report.causes[*each.causes[column]];
      rows += fmt::format("<td>{}{}</td>", cause.cases.size(), cause.known ? " known" : "");
    }
    rows += "</tr>\n";
  }
  if (rows.empty()) return "";
  return fmt::format(
      "<div class=\"scroll\"><table>\n<caption>Cases that fail for it</caption>\n<thead><tr><th "
      "scope=\"col\">loss</th><th "
      "scope=\"col\">regime</th><th "
      "scope=\"col\">what</th>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table></div>\n",
      columns_html(comparison, "col"), rows);
}

std::string list_html(std::string_view what, const std::vector<Changes::Pair>& pairs,
                      const ComparedReport& before, const ComparedReport& after) {
  if (pairs.empty()) return "";
  std::string rows;
  for (std::size_t i = 0; i < std::min(pairs.size(), most_listed); ++i) {
    const auto graded = [](const ComparedReport& report,
                           const std::optional<std::size_t>& at) -> std::string {
      if (!at) return "";
      const ReportedCase& c = report.report.cases[*at];
      if (!c.grade) return std::string(name(c.status));
      return fmt::format("{} {}, {} ulp", grade_sign(c.grade), name(*c.grade), ulps_text(c.ulps));
    };
    const ReportedCase& c =
        pairs[i].after ? after.report.cases[*pairs[i].after] : before.report.cases[*pairs[i].before];
    rows += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n", html_code(c.id),
                        html_text(c.slug), name(c.regime), graded(before, pairs[i].before),
                        graded(after, pairs[i].after));
  }
  const std::string more = pairs.size() > most_listed
                               ? fmt::format("<p>The first {} of {}.</p>\n", most_listed, pairs.size())
                               : "";
  return fmt::format(
      "<details class=\"wide\" open><summary>{}: {}</summary>\n{}<div class=\"scroll\"><table>\n<caption "
      "class=\"vh\">{}</caption>\n<thead><tr><th scope=\"col\">id</th><th scope=\"col\">slug</th><th "
      "scope=\"col\">regime</th><th scope=\"col\">before</th><th "
      "scope=\"col\">after</th></tr></thead>\n<tbody>\n{}</tbody>"
      "\n</table></div>\n</details>\n",
      what, pairs.size(), more, what, rows);
}

std::string changes_html(const Comparison& comparison) {
  std::string out;
  for (const Changes& each : comparison.changes) {
    const ComparedReport &before = comparison.reports[each.before], &after = comparison.reports[each.after];
    out += fmt::format("<h3>{}</h3>\n", html_text(changes_text(each, comparison)));
    const std::string lists =
        list_html("Broken", each.broken, before, after) + list_html("Fixed", each.fixed, before, after) +
        list_html("New", each.added, before, after) + list_html("Gone", each.gone, before, after);
    out += lists.empty() ? "<p>Nothing changed.</p>\n" : lists;
  }
  return out;
}

}  // namespace

std::string comparison_html(const Comparison& comparison) {
  std::string title;
  for (const ComparedReport& each : comparison.reports) title += (title.empty() ? "" : ", ") + each.label;
  return html_page({.title = title,
                    .lead = "<p>Side by side, each against certified results.</p>\n",
                    .sections = {{"reports", "Reports", reports_html(comparison)},
                                 {"changes", "What changed", changes_html(comparison)},
                                 {"losses", "Losses", matrix_html(comparison)},
                                 {"causes", "What fails, by cause", causes_html(comparison)}},
                    .data = matrix_json({})});
}

}  // namespace assay
