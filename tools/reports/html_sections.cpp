#include "tools/reports/html_sections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "losses/catalogue/records.hpp"
#include "tools/audit/groups.hpp"
#include "tools/reports/audit_words.hpp"
#include "tools/reports/describe.hpp"
#include "tools/reports/html_matrix.hpp"
#include "tools/reports/html_page.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

std::string table(std::string_view caption, const std::vector<std::string>& columns,
                  const std::string& rows) {
  if (rows.empty()) return "";
  std::string head;
  for (const std::string& each : columns) head += fmt::format("<th scope=\"col\">{}</th>", each);
  return fmt::format(
      "<div "
      "class=\"scroll\"><table>\n<caption>{}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n"
      "</table></div>\n",
      caption, head, rows);
}

/// The first cell heads the row. All are HTML.
std::string row(const std::vector<std::string>& cells, std::string_view attributes = "") {
  std::string out = fmt::format("<tr{}>", attributes);
  for (std::size_t i = 0; i < cells.size(); ++i)
    out += i == 0 ? fmt::format("<th scope=\"row\">{}</th>", cells[i]) : fmt::format("<td>{}</td>", cells[i]);
  return out + "</tr>\n";
}

/// What the scripts filter a line by; empty where it is of all.
std::string placed(std::string_view loss, std::string_view variant, std::string_view dtype,
                   std::string_view regime) {
  std::string out = fmt::format(" data-loss=\"{}\" data-dtype=\"{}\"", html_text(loss), html_text(dtype));
  if (!variant.empty()) out += fmt::format(" data-variant=\"{}\"", html_text(variant));
  if (!regime.empty()) out += fmt::format(" data-regime=\"{}\"", regime);
  return out;
}

std::string exponent_text(int exponent) {
  return exponent == audit::least_exponent ? "0" : fmt::format("2^{}", exponent);
}

bool worse(const BinadeWorst& a, const BinadeWorst& b) {
  return a.grade != b.grade ? a.grade > b.grade : a.ulps > b.ulps;
}

/// Three digits are more than a chart shows.
Json brief_number(double x) { return std::isfinite(x) ? Json::number(fmt::format("{:.3g}", x)) : Json(); }

/// Consecutive items with one key.
template <class Items, class Key, class Visit>
void for_each_group(const Items& items, Key key, Visit visit) {
  for (auto first = items.begin(); first != items.end();) {
    const auto end =
        std::find_if(first, items.end(), [&](const auto& each) { return key(each) != key(*first); });
    visit(first, end);
    first = end;
  }
}

auto series_of(const BinadeWorst& b) { return std::tie(b.loss, b.dtype, b.variant, b.output, b.regime); }

}  // namespace

std::string binades_html(const std::vector<BinadeWorst>& binades) {
  std::string rows;
  for_each_group(binades, series_of, [&](auto first, auto end) {
    const BinadeWorst& worst =
        *std::max_element(first, end, [](const auto& a, const auto& b) { return worse(b, a); });
    const auto [low, high] = std::minmax_element(
        first, end, [](const BinadeWorst& a, const BinadeWorst& b) { return a.exponent < b.exponent; });
    rows += row({html_loss(worst.loss, worst.variant), html_text(worst.dtype), html_text(worst.output),
                 std::string(name(worst.regime)),
                 fmt::format("{} to {}", exponent_text(low->exponent), exponent_text(high->exponent)),
                 ulps_text(worst.ulps), exponent_text(worst.exponent), ulps_text(worst.allowed),
                 condition_text(worst.condition), std::string(name(worst.grade))},
                placed(worst.loss, worst.variant, worst.dtype, name(worst.regime)));
  });
  const std::string all = table("Worst error of each output, in units in the last place",
                                {"loss", "dtype", "output", "regime", "inputs", "worst", "at",
                                 "allowed there", "condition there", "grade"},
                                rows);
  if (all.empty()) return "";
  return "<div id=\"errors\"></div>\n<details class=\"wide\"><summary>The worst of each output, as a "
         "table</summary>\n" +
         all + "</details>\n";
}

Json binades_json(const std::vector<BinadeWorst>& binades) {
  Json out = Json::array();
  for_each_group(binades, series_of, [&](auto first, auto end) {
    Json points = Json::array(), series = Json::object();
    for (auto each = first; each != end; ++each)
      points.items.push_back(Json::array({Json::integer(each->exponent), brief_number(each->ulps),
                                          Json::integer(static_cast<int>(each->grade)),
                                          brief_number(each->condition), brief_number(each->allowed)}));
    series.add("loss", Json::string(printable(first->loss)));
    if (!first->variant.empty()) series.add("variant", Json::string(printable(first->variant)));
    series.add("dtype", Json::string(printable(first->dtype)))
        .add("output", Json::string(printable(first->output)));
    series.add("regime", Json::string(name(first->regime)));
    out.items.push_back(series.add("points", std::move(points)));
  });
  return out;
}

std::string known_html(const Report& report) {
  struct Excused {
    std::size_t cases = 0;
    std::vector<std::string> losses{};
  };
  std::map<std::string, Excused> reasons;
  for (const ReportedCase& c : report.cases) {
    if (c.status != ReportedCase::Status::known) continue;
    Excused& each = reasons[c.reason];
    ++each.cases;
    if (std::ranges::find(each.losses, c.loss) == each.losses.end()) each.losses.push_back(c.loss);
  }
  std::vector<std::pair<std::string, Excused>> sorted(reasons.begin(), reasons.end());
  std::ranges::stable_sort(sorted, std::greater<>(), [](const auto& each) { return each.second.cases; });
  std::string rows;
  for (const auto& [reason, each] : sorted) {
    std::string losses;
    for (const std::string& loss : each.losses) losses += (losses.empty() ? "" : ", ") + html_text(loss);
    rows += row({html_text(reason), fmt::format("{}", each.cases), losses});
  }
  std::string stale;
  for (const StaleEntry& each : report.stale)
    stale += row({html_code(each.pattern), fmt::format("{}", each.line), html_text(each.why)});
  return table("Failures that the known failures excuse", {"reason", "cases", "losses"}, rows) +
         table("Entries that nothing needs: they fail the run", {"pattern", "line", "why"}, stale);
}

std::string conventions_html(const Report& report) {
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<int, int>> counts;
  for (const ReportedCase& c : report.cases) {
    if (c.convention.empty()) continue;
    auto& [declared, followed] = counts[{c.convention, c.loss, c.variant}];
    ++(fails(c) ? followed : declared);
  }
  std::string rows;
  for (const auto& [key, n] : counts)
    rows += row({html_text(std::get<0>(key)), html_loss(std::get<1>(key), std::get<2>(key)),
                 fmt::format("{}", n.first), fmt::format("{}", n.second)});
  return table("Cases whose answers follow a named deviation from the definition",
               {"convention", "loss", "conforming, as declared", "failing, since not declared"}, rows);
}

std::string findings_html(const Report& report) {
  std::string out;
  for (const ReportedFinding& each : report.findings) {
    out += fmt::format("<li>{}{}: {}", each.severity == Severity::note ? "<em>note</em> " : "",
                       html_code(each.id), html_text(each.message));
    if (!each.reason.empty()) out += fmt::format(" <em>(known: {})</em>", html_text(each.reason));
    if (!each.detail.empty()) out += fmt::format("<pre>{}</pre>", html_lines(each.detail));
    out += "</li>\n";
  }
  return out.empty() ? "" : "<ul>\n" + out + "</ul>\n";
}

std::string unchecked_html(const Report& report) {
  constexpr int most = 50;
  std::string out;
  int count = 0;
  for (const ReportedCase& c : report.cases)
    if (c.status == ReportedCase::Status::unchecked_domain && ++count <= most)
      out += fmt::format("<li>{}: {}</li>\n", html_code(c.id), html_text(c.message));
  if (count == 0) return "";
  const std::string more = count > most ? fmt::format("<p>The first {} of {}.</p>\n", most, count) : "";
  return fmt::format(
      "<details class=\"wide\"><summary>{} requests outside the domain got an answer in place of an "
      "error</summary>\n{}<ul>\n{}</ul>\n</details>\n",
      count, more, out);
}

std::string promises_html(const Promises& promises) {
  std::string broken, kept;
  for (const auto& [key, each] : promises) {
    const std::string_view loss = catalogue()[std::get<0>(key)].name;
    const std::string& dtype = std::get<1>(key);
    const std::string place = placed(loss, each.variant, dtype, "");
    if (each.broken) {
      const std::string told = promise_text(each);
      broken += row({html_loss(loss, each.variant), html_text(dtype), html_text(each.sentence),
                     html_text(told.substr(std::min(told.size(), told.find(": ") + 2)))},
                    place);
    } else {
      kept += row({html_loss(loss, each.variant), html_text(dtype), html_text(each.sentence),
                   each.kept > 0 ? "kept" : "without an answer", fmt::format("{}", each.kept)},
                  place);
    }
  }
  const std::string kept_table =
      table("Promises that nothing broke", {"loss", "dtype", "promise", "verdict", "trials"}, kept);
  return table("Promises broken", {"loss", "dtype", "promise", "how"}, broken) +
         (kept.empty() ? ""
                       : "<details class=\"wide\"><summary>Promises kept or without an answer</summary>\n" +
                             kept_table + "</details>\n");
}

std::string grades_legend_html() {
  const auto term = [](Grade g, std::string_view meaning) {
    return std::pair(
        fmt::format("<span class=\"sign g{}\">{}</span> {}", static_cast<int>(g), grade_sign(g), name(g)),
        std::string(meaning));
  };
  return html_terms({
      term(Grade::correctly_rounded, "the exact result, rounded to nearest"),
      term(Grade::faithful, "one of its two neighbours"),
      term(Grade::tight, "at most 4 units in the last place (ulp) off"),
      term(Grade::stable,
           "off by no more than rounding the inputs and pairwise sums excuse: B max(ulp, u A)"),
      term(Grade::absolute, "the tail's own digits are lost, nothing more: B ulp at the scale of the loss"),
      term(Grade::inaccurate, "the right sign and within a factor of two"),
      term(Grade::wrong, "anything else"),
      {"allowed",
       "what is <i>stable</i> there, in ulp: B grows by 2 with each doubling of the numbers that are summed"},
      {"condition",
       "A/|v|, by how much the loss magnifies a relative error of its inputs; u times the condition is what "
       "one rounding of the inputs costs"},
      {"u", "unit roundoff: half an ulp of 1"},
  });
}

}  // namespace assay
