#include "tools/reports/exhaustive_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "losses/catalogue/records.hpp"
#include "tools/cases/canonical.hpp"
#include "tools/cases/selection.hpp"
#include "tools/reports/audit_words.hpp"
#include "tools/reports/describe.hpp"
#include "tools/reports/report_json.hpp"
#include "tools/reports/report_junit.hpp"
#include "tools/reports/reported_finding.hpp"
#include "tools/reports/reproducer.hpp"
#include "tools/reports/write_report.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

using Status = ReportedCase::Status;
using Event = KnownFailures::Event;

/// "hinge/f32/value/target=1": no spaces, so that a glob names it.
std::string place(const audit::SweepStatement& s) {
  std::string held = s.held.empty() ? "" : "/" + s.held;
  std::replace(held.begin(), held.end(), ' ', '=');
  const std::string& variant = s.question.variant;
  return fmt::format("{}/{}/{}{}{}{}", s.loss, name(s.dtype), s.output, held, variant.empty() ? "" : "@",
                     variant);
}

ReportedCase reported(const audit::SweepStatement& s, const std::vector<std::string>& command,
                      KnownFailures& known) {
  ReportedCase c;
  c.id = canonical_id(s.question);
  c.loss = s.loss;
  c.variant = s.question.variant;
  c.dtype = name(s.dtype);
  c.slug = place(s) + "/every-number";
  c.regime = Regime::special;
  if (s.inputs > 0) {
    c.grade = s.grade;
    c.ulps = s.worst_ulps;
    c.condition = condition(s.truth);
    c.where = s.output + "[0]";
    c.got = hex(s.got);
    c.expected = s.truth.lower < s.truth.upper
                     ? fmt::format("[{}, {}]", hex(s.truth.lower), hex(s.truth.upper))
                     : hex(s.truth.rounded);
    c.digits = s.truth.digits;
  }
  c.reproduce = pasted_command(s.question, command);
  const Event event = s.conforms ? Event::passed : Event::failed;
  const std::string finding = "exhaustive/" + place(s);
  const KnownFailure* excuse = known.note(c, finding, event);
  if (s.conforms) return c;
  c.finding = finding;
  c.message = printable(audit::text(s));
  c.status = excuse ? Status::known : Status::failed;
  if (excuse) c.reason = excuse->reason;
  return c;
}

KnownFailures::Scope scope_of(const audit::SweepCampaign& campaign) {
  const Selection all = select({}, {});
  KnownFailures::Scope scope{{}, {}, all.losses, {}};
  for (const Dtype d : all.dtypes) scope.all_dtypes.emplace_back(name(d));
  for (const audit::SweepState& each : campaign.sweeps) {
    scope.losses.push_back(each.plan.one.loss.name());
    scope.dtypes.emplace_back(name(each.plan.one.dtype));
  }
  scope.search = true;
  return scope;
}

std::string headline(const audit::SweepCampaign& campaign) {
  return fmt::format("{} {}, every number asked by assay {}", printable(campaign.testee.name),
                     printable(campaign.testee.version), ASSAY_VERSION);
}

std::string markdown(const ExhaustiveReport& exhaustive) {
  std::string out = fmt::format("# {}\n\n", headline(exhaustive.campaign));
  for (const audit::SweepStatement& each : exhaustive.statements)
    out +=
        fmt::format("- {}{}\n", printable(audit::text(each)), each.conforms ? "" : " **does not conform**");
  for (const ReportedFinding& each : exhaustive.report.findings)
    out += fmt::format("- `{}`: {}{}\n", printable(each.id), printable(each.message), remark(each));
  return out;
}

std::string json(const ExhaustiveReport& exhaustive) {
  Json statements = Json::array();
  for (const audit::SweepStatement& each : exhaustive.statements)
    statements.items.push_back(audit::to_json(each));
  Json facts = Json::object();
  facts.add("require", Json::string(exhaustive.bar.declared ? "declared" : name(exhaustive.bar.required)))
      .add("statements", std::move(statements))
      .add("campaign", audit::to_json(exhaustive.campaign));
  std::string out = report_json(exhaustive.report);
  out.resize(out.rfind('}'));
  return out + fmt::format(",\n\"exhaustive\": {}}}\n", dump_json(facts));
}

}  // namespace

ExhaustiveReport exhaustive_report(const audit::SweepCampaign& campaign, const audit::SweepBar& bar,
                                   const std::vector<std::string>& command, KnownFailures& known) {
  ExhaustiveReport out{
      .campaign = campaign, .bar = bar, .statements = audit::statements(campaign, bar), .report = {}};
  out.report.version = ASSAY_VERSION;
  out.report.implementation = campaign.testee;
  out.report.command = command;
  out.report.require = bar.required;
  for (const audit::SweepStatement& each : out.statements)
    out.report.cases.push_back(reported(each, command, known));
  for (const Finding& each : campaign.findings) out.report.findings.push_back(reported(each, known));
  for (const KnownFailures::Stale& each : known.stale(scope_of(campaign)))
    out.report.stale.push_back({each.pattern, each.why, each.line});
  return out;
}

std::string exhaustive_summary(const ExhaustiveReport& exhaustive) {
  std::string out = headline(exhaustive.campaign) + "\n";
  for (std::size_t i = 0; i < exhaustive.statements.size(); ++i) {
    const audit::SweepStatement& s = exhaustive.statements[i];
    const ReportedCase& c = exhaustive.report.cases[i];
    out += fmt::format("  {}\n", printable(audit::text(s)));
    if (c.status == Status::known) out += fmt::format("    known: {}\n", printable(c.reason));
    if (c.status == Status::failed)
      out += fmt::format("    does not conform ({}); see it with\n    {}\n", name(s.grade), c.reproduce);
  }
  for (const ReportedFinding& each : exhaustive.report.findings)
    out += fmt::format("  {}: {}{}\n", printable(each.id), printable(each.message), remark(each));
  for (const StaleEntry& each : exhaustive.report.stale)
    out += fmt::format("  line {} of the known failures, {}: {}\n", each.line, printable(each.pattern),
                       each.why);
  return out;
}

void write_exhaustive(const ExhaustiveReport& exhaustive, const std::filesystem::path& path) {
  check_report_path(path);
  if (path.extension() == ".json") return write_text(json(exhaustive), path);
  if (path.extension() == ".md") return write_text(markdown(exhaustive), path);
  write_text(audit_junit(exhaustive.report), path);
}

}  // namespace assay
