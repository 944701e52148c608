#include "tools/reports/report_html.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tools/reports/audit_words.hpp"
#include "tools/reports/html_causes.hpp"
#include "tools/reports/html_matrix.hpp"
#include "tools/reports/html_page.hpp"
#include "tools/reports/html_sections.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

struct Counts {
  int asked = 0, conforming = 0, failed = 0, known = 0, unchecked = 0, not_offered = 0;
};

Counts counts(const std::vector<const ReportedCase*>& cases) {
  Counts out;
  for (const ReportedCase* c : cases) {
    out.conforming += c->status == ReportedCase::Status::conforming;
    out.failed += c->status == ReportedCase::Status::failed;
    out.known += c->status == ReportedCase::Status::known;
    out.unchecked += c->status == ReportedCase::Status::unchecked_domain;
    out.not_offered += c->status == ReportedCase::Status::not_offered;
  }
  out.asked = out.conforming + out.failed + out.known + out.unchecked;
  return out;
}

std::string title_of(const Implementation& implementation) {
  return implementation.version.empty() ? implementation.name
                                        : implementation.name + " " + implementation.version;
}

std::string verdict(bool conforms) {
  return conforms ? "<p class=\"verdict good\">\u25cf conforms</p>\n"
                  : "<p class=\"verdict bad\">\u2715 does not conform</p>\n";
}

std::string testee_text(const Report& report) {
  if (report.command.empty()) return "the built-in kernels";
  std::string out;
  for (const std::string& word : report.command) out += (out.empty() ? "" : " ") + shell_quoted(word);
  return html_code(out);
}

using Terms = std::vector<std::pair<std::string, std::string>>;

std::string about(const Report& report, const Terms& more) {
  Terms terms{{"Implementation", html_text(title_of(report.implementation))},
              {"Language", html_text(report.implementation.language)},
              {"Testee", testee_text(report)},
              {"Required grade", std::string(name(report.require))},
              {"assay", html_text(report.version)}};
  terms.insert(terms.end(), more.begin(), more.end());
  return html_terms(terms) + "<h3>How to read it</h3>\n" + grades_legend_html();
}

struct Body {
  std::vector<const ReportedCase*> cases{};  ///< that the matrix counts
  std::string unit = "case";                 ///< what a case of the report is
  std::string lead{}, promises{};
  Terms about{};
};

std::string page(const Report& report, const Body& body) {
  const Matrix m = matrix(body.cases);
  Json data = matrix_json(m);
  data.add("binades", binades_json(report.binades));
  data.add("required", Json::integer(static_cast<int>(report.require)));
  std::string failures = causes_html(report, body.unit);
  if (!failures.empty()) failures = "<div id=\"causes-list\">\n" + failures + "</div>\n";
  return html_page(
      {.title = title_of(report.implementation),
       .lead = verdict(conforms(report)) + body.lead,
       .sections = {{"losses", "Losses", m.rows.empty() ? "" : matrix_html(m, body.unit)},
                    {"causes", "What fails, by cause", failures},
                    {"promises", "Promises", body.promises},
                    {"findings", "Findings and notes", findings_html(report)},
                    {"error", "Error over the size of the input", binades_html(report.binades)},
                    {"histogram", "Grades",
                     m.rows.empty() ? "" : "<div id=\"bars\"></div>\n" + grades_html(m, body.unit)},
                    {"known", "Known failures", known_html(report)},
                    {"conventions", "Conventions", conventions_html(report)},
                    {"domain", "Outside the domain", unchecked_html(report)},
                    {"about", "About this report", about(report, body.about)}},
       .data = std::move(data)});
}

}  // namespace

std::string report_html(const Report& report) {
  Body body;
  for (const ReportedCase& c : report.cases) body.cases.push_back(&c);
  const Counts n = counts(body.cases);
  body.lead = fmt::format("<p><b>{}</b> of <b>{}</b> cases are {} or better", n.conforming, n.asked,
                          name(report.require));
  if (n.failed > 0) body.lead += fmt::format("; <b>{}</b> fail", n.failed);
  if (n.known > 0) body.lead += fmt::format("; {} are known failures", n.known);
  if (n.unchecked > 0) body.lead += fmt::format("; {} invalid requests were answered", n.unchecked);
  if (n.not_offered > 0) body.lead += fmt::format("; {} are not offered", n.not_offered);
  if (!report.causes.empty())
    body.lead += fmt::format(". The failures have <b>{}</b> {}", report.causes.size(),
                             report.causes.size() == 1 ? "cause" : "causes");
  body.lead += fmt::format(".</p>\n<p>Checked by assay {} against certified results.</p>\n",
                           html_text(report.version));
  body.about = {{"Golden files", html_code(report.golden)}};
  return page(report, body);
}

std::string audit_html(const AuditReport& audit) {
  Body body;
  body.unit = "place";
  for (const ReportedCase& c : audit.report.cases)  // promises have a section of their own
    if (c.grade || (!c.message.empty() && !c.finding.starts_with("promise/"))) body.cases.push_back(&c);
  const Counts n = counts(body.cases);
  const auto promises = audit::promises(audit.campaign.results);
  std::size_t broken = 0;
  for (const auto& [key, each] : promises) broken += each.broken != nullptr;
  body.lead =
      fmt::format("<p>{}.</p>\n<p>Of <b>{}</b> places, each a loss, dtype, output and regime, <b>{}</b> fail",
                  html_text(headline(audit.campaign)), n.asked, n.failed);
  if (n.known > 0) body.lead += fmt::format(" and {} are known to", n.known);
  body.lead += fmt::format("; of <b>{}</b> promises <b>{}</b> are broken.</p>\n", promises.size(), broken);
  body.promises = promises_html(promises);
  const audit::Task& task = audit.campaign.task;
  body.about = {{"Seed", fmt::format("{}", task.seed)},
                {"Budget", html_text(task.budget)},
                {"Held to", html_text(task.require)},
                {"Shard", task.shard.count > 1 ? html_text(shard_text(task.shard)) : ""}};
  return page(audit.report, body);
}

}  // namespace assay
