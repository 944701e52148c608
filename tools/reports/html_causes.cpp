#include "tools/reports/html_causes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <set>

#include "tools/reports/describe.hpp"
#include "tools/reports/html_matrix.hpp"
#include "tools/reports/html_page.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

/// Of more cases, a cause lists the ids alone: a page of thousands of failures is to stay below 2 MB.
constexpr std::size_t most_listed = 200;

std::string grade_text(const ReportedCase& c) {
  if (!c.grade) return "no answer";
  return std::isfinite(c.ulps) ? fmt::format("{}, {} ulp", name(*c.grade), ulps_text(c.ulps))
                               : fmt::format("{}, not comparable", name(*c.grade));
}

std::string count_text(std::size_t n, std::string_view unit) {
  return fmt::format("{} {}{}", n, unit, n == 1 ? "" : "s");
}

/// What a reader copies.
std::string block(std::string_view label, const std::string& text) {
  if (text.empty()) return "";
  return fmt::format("<figure class=\"copy\"><figcaption>{}</figcaption><pre>{}</pre></figure>\n",
                     html_text(label), html_lines(text));
}

/// Hex floats beside decimals, where they say more.
std::string hex_beside(const std::string& text, const std::string& hex) {
  if (text.empty()) return hex.empty() ? "" : html_code(hex);
  if (hex.find("0x") == std::string::npos) return html_code(text);
  return fmt::format("{} <small>{}</small>", html_code(text), html_code(hex));
}

std::string mechanism(const Cause& cause) {
  if (cause.sentence.empty()) return html_text(cause.mechanism);
  std::string out = html_text(cause.sentence);
  if (!cause.confident) out += " <em>(a guess)</em>";
  if (!cause.evidence.empty()) out += fmt::format("<br><small>{}</small>", html_text(cause.evidence));
  return out;
}

/// A line a case, to be read and to be copied.
std::string all_cases(const Report& report, const Cause& cause, std::string_view unit) {
  if (cause.cases.size() < 2) return "";
  std::string lines;
  for (std::size_t i = 0; i < cause.cases.size(); ++i) {
    const ReportedCase& c = report.cases[cause.cases[i]];
    lines += i > 0 ? "\n" + c.id : c.id;
    if (i < most_listed)
      lines += fmt::format("  {}, {}: {} {}", printable(c.slug), name(c.regime), printable(c.where),
                           grade_text(c));
  }
  return fmt::format("<details class=\"all\"><summary>All {}</summary>\n{}</details>\n",
                     count_text(cause.cases.size(), unit), block(fmt::format("{}s", unit), lines));
}

std::string headline(const Cause& cause, const ReportedCase& told, std::string_view unit) {
  return fmt::format(
      "<span class=\"sign g{}\" title=\"{}\">{}</span> <b>{}</b> <span>{}</span> <span "
      "class=\"regime\">{}</span> <span class=\"what\">{}{}</span> <span class=\"count\">{}</span>",
      told.grade ? static_cast<int>(*told.grade) : 7, grade_text(told), grade_sign(told.grade),
      html_loss(cause.loss, cause.variant), html_text(fmt::format("{}", fmt::join(cause.dtypes, " "))),
      name(cause.regime), html_text(cause.what), cause.known ? " <em>(known)</em>" : "",
      count_text(cause.cases.size(), unit));
}

/// Where it shows: "f32/everyday f64/everyday", for the filters.
std::string places(const Report& report, const Cause& cause) {
  std::set<std::string> out;
  for (const std::size_t each : cause.cases)
    out.insert(fmt::format("{}/{}", report.cases[each].dtype, name(report.cases[each].regime)));
  return fmt::format("{}", fmt::join(out, " "));
}

std::string cause_html(const Report& report, const Cause& cause, std::string_view unit) {
  const ReportedCase& told = report.cases[cause.cases.front()];
  std::string error = grade_text(told);
  if (told.grade && told.condition >= 100) error += ", condition " + condition_text(told.condition);
  const std::string terms = html_terms({
      {"Case", fmt::format("{} <small>{}</small>", html_text(told.slug), html_code(told.id))},
      {"Inputs", hex_beside(cause.inputs, cause.inputs_hex)},
      {"Where", html_text(told.where)},
      {"Got", hex_beside(cause.got, told.got)},
      {"Expected", hex_beside(cause.expected, told.expected)},
      {"Exactly", told.digits.empty() || told.digits == cause.expected ? "" : html_code(told.digits)},
      {"Error", error},
      {"Says", told.grade ? "" : html_text(told.message)},
      {"Finding", told.finding.empty() ? "" : html_code(told.finding)},
      {"Mechanism", mechanism(cause)},
      {"Convention", html_text(cause.convention)},
      {"Known", html_text(cause.reason)},
  });
  return fmt::format(
      "<article class=\"cause\" data-loss=\"{}\" data-variant=\"{}\" data-at=\"{}\">\n<details "
      "open>\n<summary>{}</summary>\n{}{}{}{}{}</details>\n</article>\n",
      html_text(cause.loss), html_text(cause.variant), html_text(places(report, cause)),
      headline(cause, told, unit), terms, block("to see it again", told.reproduce),
      block("in " + cause.language, cause.snippet),
      block(told.detail.empty() ? "" : "the testee's last words", told.detail),
      all_cases(report, cause, unit));
}

}  // namespace

std::string causes_html(const Report& report, std::string_view unit) {
  std::string out;
  for (const Cause& each : report.causes)
    if (!each.cases.empty()) out += cause_html(report, each, unit);
  return out;
}

}  // namespace assay
