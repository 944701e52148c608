#include "tools/reports/html_matrix.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "tools/reports/describe.hpp"
#include "tools/reports/html_page.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

using Status = ReportedCase::Status;

constexpr std::array grades{Grade::correctly_rounded, Grade::faithful,   Grade::tight, Grade::stable,
                            Grade::absolute,          Grade::inaccurate, Grade::wrong};

/// Where a grade stands in lists of them; no answer is the last.
std::size_t place_of(std::optional<Grade> grade) {
  return grade ? static_cast<std::size_t>(*grade) : grades.size();
}

bool worse(const ReportedCase& a, const ReportedCase& b) {
  if (fails(a) != fails(b)) return fails(a);
  if (fails(a) && a.grade != b.grade) return place_of(a.grade) > place_of(b.grade);
  // Of those that conform, one without a grade is an error that was due.
  if (a.grade != b.grade) return a.grade && (!b.grade || *a.grade > *b.grade);
  return a.ulps > b.ulps;
}

void count(MatrixCell& cell, const ReportedCase& c) {
  switch (c.status) {
    case Status::conforming:
      ++cell.conforming;
      break;
    case Status::failed:
      ++cell.failed;
      break;
    case Status::known:
      ++cell.known;
      break;
    case Status::unchecked_domain:
      ++cell.unchecked_domain;
      break;
    case Status::not_offered:
      return;
  }
  ++cell.grades[place_of(c.grade)];
  if (!cell.worst || worse(c, *cell.worst)) cell.worst = &c;
}

/// The most ordinary regime in which something fails; past all where nothing does.
int first_failing(const MatrixRow& row) {
  int out = static_cast<int>(regimes.size());
  for (const auto& [place, cell] : row.cells)
    if (cell.failed + cell.known > 0) out = std::min(out, static_cast<int>(place.second));
  return out;
}

/// Which colour a cell has: 0 to 6 by grade, 7 for no answer, 8 where no grade was due.
std::size_t shade(const MatrixCell& cell) {
  if (!cell.worst->grade && cell.worst->status != Status::failed && cell.worst->status != Status::known)
    return grades.size() + 1;
  return place_of(cell.worst->grade);
}

std::string cell_html(const MatrixCell& cell) {
  const ReportedCase& worst = *cell.worst;
  const int failing = cell.failed + cell.known, asked = cell.asked();
  const std::size_t colour = shade(cell);
  const std::string_view sign = colour > grades.size() ? "" : grade_sign(worst.grade);
  std::string said = failing > 0 ? fmt::format("{} of {} fail", failing, asked)
                                 : fmt::format("all {} conform", cell.conforming);
  if (cell.known > 0) said += fmt::format(", {} of them known", cell.known);
  if (cell.unchecked_domain > 0)
    said =
        fmt::format("{} invalid requests answered{}", cell.unchecked_domain, failing > 0 ? "; " + said : "");
  if (worst.grade)
    said += fmt::format("; worst: {}, {}", name(*worst.grade),
                        std::isfinite(worst.ulps) ? ulps_text(worst.ulps) + " ulp" : "not comparable");
  else if (failing > 0)
    said += "; worst: no answer";
  const std::string seen = failing > 0                 ? fmt::format("<b>{}</b>/{}", failing, asked)
                           : cell.unchecked_domain > 0 ? fmt::format("{}?", cell.unchecked_domain)
                                                       : fmt::format("{}", asked);
  return fmt::format(
      "<td class=\"g{}{}\" title=\"{}\"><span aria-hidden=\"true\">{} <i>{}</i></span><span "
      "class=\"vh\">{}</span></td>",
      colour, cell.failed == 0 && cell.known > 0 ? " known" : "", said, seen, sign, said);
}

}  // namespace

std::string_view grade_sign(std::optional<Grade> grade) {
  if (!grade) return "\u2205";
  switch (*grade) {
    case Grade::correctly_rounded:
      return "\u25cf";
    case Grade::faithful:
      return "\u25d5";
    case Grade::tight:
      return "\u25d1";
    case Grade::stable:
      return "\u25cb";
    case Grade::absolute:
      return "\u25b3";
    case Grade::inaccurate:
      return "\u25b2";
    case Grade::wrong:
      break;
  }
  return "\u2715";
}

void sort_dtypes(std::vector<std::string>& names) {
  std::ranges::stable_sort(names, {}, [](const std::string& each) {
    const auto found = dtype_named(each);
    return found ? static_cast<int>(*found) : 1000;
  });
}

Matrix matrix(const std::vector<const ReportedCase*>& cases) {
  Matrix out;
  std::map<std::pair<std::string, std::string>, std::size_t> places;
  std::set<std::string> in_dtypes, offered;
  std::set<Regime> occurring;
  std::vector<std::string> losses;
  for (const ReportedCase* c : cases) {
    if (std::ranges::find(losses, c->loss) == losses.end()) losses.push_back(c->loss);
    if (c->status == Status::not_offered) continue;
    offered.insert(c->loss);
    in_dtypes.insert(c->dtype);
    occurring.insert(c->regime);
    const auto [place, is_new] = places.try_emplace({c->loss, c->variant}, out.rows.size());
    if (is_new) out.rows.push_back({c->loss, c->variant, {}});
    count(out.rows[place->second].cells[{c->dtype, c->regime}], *c);
  }
  out.dtypes.assign(in_dtypes.begin(), in_dtypes.end());
  sort_dtypes(out.dtypes);
  out.regimes.assign(occurring.begin(), occurring.end());
  std::ranges::stable_sort(out.rows, {}, first_failing);
  for (const std::string& each : losses)
    if (!offered.contains(each)) out.silent.push_back(each);
  return out;
}

std::string legend_html(std::string_view unit) {
  std::string out = fmt::format(
      "<p class=\"legend\">In a cell: how many {}s fail of those asked, and the worst grade. ", unit);
  for (const Grade each : grades)
    out += fmt::format("<span class=\"key g{}\"><i>{}</i> {}</span> ", static_cast<int>(each),
                       grade_sign(each), name(each));
  return out + fmt::format("<span class=\"key g7\"><i>{}</i> no answer</span></p>\n", grade_sign({}));
}

std::string matrix_html(const Matrix& m, std::string_view unit) {
  std::string out = legend_html(unit);
  if (std::ranges::find(m.regimes, Regime::invalid) != m.regimes.end())
    out += "<p class=\"legend\">3?: three invalid requests got an answer in place of an error.</p>\n";
  out +=
      "<div class=\"scroll\">\n<table id=\"matrix\" class=\"matrix\">\n<caption>By loss, dtype and "
      "regime</caption>\n";
  out += "<thead>\n<tr><th rowspan=\"2\" scope=\"col\">loss</th>";
  for (const std::string& dtype : m.dtypes)
    out += fmt::format("<th scope=\"colgroup\" colspan=\"{}\">{}</th>", m.regimes.size(), html_text(dtype));
  out += "</tr>\n<tr>";
  for ([[maybe_unused]] const std::string& dtype : m.dtypes)
    for (const Regime regime : m.regimes) out += fmt::format("<th scope=\"col\">{}</th>", name(regime));
  out += "</tr>\n</thead>\n<tbody>\n";
  for (const MatrixRow& row : m.rows) {
    out += fmt::format("<tr><th scope=\"row\">{}</th>", html_loss(row.loss, row.variant));
    for (const std::string& dtype : m.dtypes)
      for (const Regime regime : m.regimes) {
        const auto cell = row.cells.find({dtype, regime});
        out += cell == row.cells.end() ? "<td></td>" : cell_html(cell->second);
      }
    out += "</tr>\n";
  }
  out += "</tbody>\n</table>\n</div>\n";
  if (!m.silent.empty())
    out += fmt::format("<p>Not offered: {}.</p>\n", html_text(fmt::format("{}", fmt::join(m.silent, ", "))));
  return out;
}

std::string grades_html(const Matrix& m, std::string_view unit) {
  std::map<Regime, std::array<int, 8>> counts;
  for (const MatrixRow& row : m.rows)
    for (const auto& [place, cell] : row.cells)
      for (std::size_t i = 0; i < cell.grades.size(); ++i) counts[place.second][i] += cell.grades[i];
  std::string out = fmt::format(
      "<table id=\"grades\">\n<caption>How many {}s by regime and grade</caption>\n<thead><tr><th "
      "scope=\"col\">regime</th>",
      unit);
  for (const Grade each : grades) out += fmt::format("<th scope=\"col\">{}</th>", name(each));
  out += "<th scope=\"col\">no grade</th></tr></thead>\n<tbody>\n";
  for (const auto& [regime, each] : counts) {
    out += fmt::format("<tr><th scope=\"row\">{}</th>", name(regime));
    for (const int n : each) out += fmt::format("<td>{}</td>", n);
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n";
}

Json matrix_json(const Matrix& m) {
  const auto text = [](std::string_view s) { return Json::string(printable(s)); };
  Json out = Json::object(), in_dtypes = Json::array(), regimes_in = Json::array(), names = Json::array(),
       rows = Json::array(), cells = Json::array();
  for (const std::string& each : m.dtypes) in_dtypes.items.push_back(text(each));
  for (const Regime each : m.regimes) regimes_in.items.push_back(text(name(each)));
  for (const Grade each : grades) names.items.push_back(text(name(each)));
  for (std::size_t r = 0; r < m.rows.size(); ++r) {
    Json row = Json::object();
    row.add("loss", text(m.rows[r].loss)).add("variant", text(m.rows[r].variant));
    rows.items.push_back(std::move(row));
    for (std::size_t d = 0; d < m.dtypes.size(); ++d)
      for (std::size_t g = 0; g < m.regimes.size(); ++g) {
        const auto found = m.rows[r].cells.find({m.dtypes[d], m.regimes[g]});
        if (found == m.rows[r].cells.end()) continue;
        const MatrixCell& c = found->second;
        Json counts = Json::array(), cell = Json::array();
        for (const int n : c.grades) counts.items.push_back(Json::integer(n));
        for (const std::size_t n : {r, d, g})
          cell.items.push_back(Json::integer(static_cast<std::int64_t>(n)));
        for (const int n : {c.conforming, c.failed, c.known, c.unchecked_domain})
          cell.items.push_back(Json::integer(n));
        cell.items.push_back(std::move(counts));
        cells.items.push_back(std::move(cell));
      }
  }
  out.add("dtypes", std::move(in_dtypes))
      .add("regimes", std::move(regimes_in))
      .add("grades", std::move(names));
  return out.add("rows", std::move(rows)).add("cells", std::move(cells));
}

}  // namespace assay
