// audit_report.hpp's audit_summary and audit_markdown.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>

#include "losses/catalogue/records.hpp"
#include "tools/reports/audit_report.hpp"
#include "tools/reports/audit_words.hpp"
#include "tools/reports/describe.hpp"
#include "tools/reports/reported_finding.hpp"
#include "tools/reports/reproducer.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

constexpr std::array shown_regimes{Regime::everyday, Regime::tail, Regime::extreme, Regime::degenerate,
                                   Regime::special};

/// The worst of a loss, of one variant of it, in a dtype and a regime, over its value and over its gradients.
struct Errors {
  const audit::Worst *value = nullptr, *gradient = nullptr;
};
using Table = std::map<std::tuple<std::size_t, std::string, std::string>, std::map<Regime, Errors>>;

Table table_of(const AuditReport& audit) {
  Table out;
  for (const AuditedPlace& each : audit.places) {
    Errors& errors = out[{each.place.loss, each.place.variant, each.place.dtype}][each.place.regime];
    const audit::Worst*& worst = each.place.output == "value" ? errors.value : errors.gradient;
    const auto badness = [](const audit::Worst& w) { return std::pair(!w.conforms, w.ulps); };
    if (!worst || badness(*each.worst) > badness(*worst)) worst = each.worst;
  }
  return out;
}

std::string cell(const audit::Worst* worst) {
  if (!worst) return "-";
  return (std::isfinite(worst->ulps) ? ulps_text(worst->ulps) : "nan") + (worst->conforms ? "" : "!");
}
std::string cell(const std::map<Regime, Errors>& row, Regime regime) {
  const auto found = row.find(regime);
  if (found == row.end()) return "";
  return fmt::format("{} / {}", cell(found->second.value), cell(found->second.gradient));
}

struct Told {
  std::vector<std::string> lines;
  std::size_t known = 0;
};

std::string indented(std::string_view text, std::string_view by) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    out += fmt::format("{}{}\n", by, printable(text.substr(0, end)));
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
  }
  return out;
}

std::string mechanism_line(const audit::Shrunk& shrunk) {
  return fmt::format("{}{}: {} ({})", shrunk.confident ? "" : "perhaps ", shrunk.mechanism,
                     printable(shrunk.sentence), printable(shrunk.evidence));
}

/// The shrunk case as text to paste.
std::string again_text(const audit::Shrunk& shrunk, const audit::Task& task) {
  const auto snippet = shrunk.snippet.empty() ? std::nullopt : std::optional(shrunk.snippet);
  const auto again = reproducer({.question = shrunk.worst.question, .slug = {}, .flags = {}, .comment = {}},
                                task.command, task.implementation.language, snippet);
  if (!again) return "";
  return fmt::format("In {}:\n\n{}\nAs a golden case, for `assay explain FILE`:\n\n{}\n", again->language,
                     indented(again->snippet, "    "), indented(again->question, "    "));
}

std::string promises_line(const AuditReport& audit) {
  std::size_t kept = 0, broken = 0, unjudged = 0;
  for (const auto& [key, each] : audit::promises(audit.campaign.results))
    ++(each.broken ? broken : each.kept > 0 ? kept : unjudged);
  if (kept + broken + unjudged == 0) return "";
  return fmt::format("promises: {} kept, {} broken{}", kept, broken,
                     unjudged > 0 ? fmt::format(", {} without an answer", unjudged) : "");
}

}  // namespace

std::string audit_summary(const AuditReport& audit, const SummaryStyle& style) {
  std::string out = headline(audit.campaign) + "\n\n";
  std::size_t width = 0;
  const Table table = table_of(audit);
  const auto named = [](const auto& key) {
    return title(catalogue()[std::get<0>(key)].name, std::get<1>(key));
  };
  for (const auto& [key, row] : table) width = std::max(width, named(key).size() + 5);
  out += fmt::format("{:{}}", "worst error in ulp, value / gradient", std::max<std::size_t>(width, 36));
  for (const Regime each : shown_regimes) out += fmt::format(" {:>19}", name(each));
  out += "\n";
  for (const auto& [key, row] : table) {
    out += fmt::format(
        "{:{}}", fmt::format("{:{}} {}", named(key), std::max<std::size_t>(width, 36) - 5, std::get<2>(key)),
        std::max<std::size_t>(width, 36));
    for (const Regime each : shown_regimes) out += fmt::format(" {:>19}", cell(row, each));
    while (out.back() == ' ') out.pop_back();
    out += "\n";
  }
  out += "!: more than is allowed; nan: not comparable\n";
  const std::string promises = promises_line(audit);
  if (!promises.empty()) out += "\n" + promises + "\n";

  if (const std::string told = causes_summary(audit.report, style); !told.empty()) out += "\n" + told;
  for (const ReportedFinding& each : audit.report.findings)
    if (each.reason.empty())
      out += fmt::format("\n{}: {}{}\n", printable(each.id), printable(each.message), remark(each));
  for (const StaleEntry& each : audit.report.stale)
    out += fmt::format("\nknown failure {} in line {}: {}\n", printable(each.pattern), each.line, each.why);
  const auto known =
      std::ranges::count(audit.report.cases, ReportedCase::Status::known, &ReportedCase::status);
  if (known > 0) out += fmt::format("\n{} known failures\n", known);
  return out;
}

std::string audit_markdown(const AuditReport& audit) {
  std::string out = fmt::format("{}.\n\nWorst error in ulp, value / gradient. !: more than is allowed.\n\n",
                                headline(audit.campaign));
  out += "| loss | dtype |";
  std::string rule = "|---|---|";
  for (const Regime each : shown_regimes) {
    out += fmt::format(" {} |", name(each));
    rule += "---|";
  }
  out += "\n" + rule + "\n";
  for (const auto& [key, row] : table_of(audit)) {
    const auto& [loss, variant, dtype] = key;
    out += fmt::format("| `{}` | {} |", title(catalogue()[loss].name, variant), dtype);
    for (const Regime each : shown_regimes) out += fmt::format(" {} |", cell(row, each));
    out += "\n";
  }
  const std::string promises = promises_line(audit);
  if (!promises.empty()) out += "\n" + promises + ".\n";

  std::optional<Regime> regime;
  for (const AuditedPlace& each : audit.places) {
    const ReportedCase& c = audit.report.cases[each.reported];
    if (c.status == ReportedCase::Status::conforming) continue;
    if (regime != each.place.regime) out += fmt::format("\n## {}\n", name(each.place.regime));
    regime = each.place.regime;
    out += fmt::format("\n### {} {} {}\n\n{}\n", title(c.loss, c.variant), c.dtype, each.place.output,
                       indented(c.message, "    "));
    if (!c.reason.empty()) out += fmt::format("Known: {}\n\n", printable(c.reason));
    if (each.shrunk && !each.shrunk->mechanism.empty())
      out += fmt::format("Mechanism:\n\n    {}\n\n", mechanism_line(*each.shrunk));
    if (each.shrunk) out += again_text(*each.shrunk, audit.campaign.task);
    if (!c.reproduce.empty()) out += fmt::format("Again:\n\n{}", indented(c.reproduce, "    "));
  }
  std::string rest;
  for (std::size_t i = audit.places.size(); i < audit.report.cases.size(); ++i)
    if (const ReportedCase& c = audit.report.cases[i];
        c.status != ReportedCase::Status::conforming && c.status != ReportedCase::Status::not_offered)
      rest += indented(c.message, "    ") + "\n";
  for (const ReportedFinding& each : audit.report.findings)
    rest += indented(fmt::format("{}: {}{}", each.id, each.message, remark(each)), "    ") + "\n";
  return rest.empty() ? out : out + "\n## promises and protocol\n\n" + rest;
}

}  // namespace assay
