#include "tools/reports/audit_report.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <map>
#include <set>

#include "losses/catalogue/records.hpp"
#include "tools/cases/canonical.hpp"
#include "tools/cases/selection.hpp"
#include "tools/reports/audit_words.hpp"
#include "tools/reports/binades.hpp"
#include "tools/reports/cause.hpp"
#include "tools/reports/describe.hpp"
#include "tools/reports/report_html.hpp"
#include "tools/reports/report_junit.hpp"
#include "tools/reports/reported_finding.hpp"
#include "tools/reports/reproducer.hpp"
#include "tools/reports/write_report.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

using Status = ReportedCase::Status;
using Event = KnownFailures::Event;

/// Of a finding's id, what tells variants apart.
std::string behind(const std::string& variant) { return variant.empty() ? "" : "@" + variant; }
/// Builds the report, a case after the other.
class Reporter {
 public:
  Reporter(const audit::Campaign& campaign, KnownFailures& known) : campaign_(campaign), known_(known) {}

  Report report{};

  std::size_t add(const audit::Place& place, const audit::Worst& found, const audit::Shrunk* shrunk) {
    const audit::Worst& shown = shrunk ? shrunk->worst : found;
    ReportedCase c = begin(shown.question, audit::text(place));
    c.regime = place.regime;
    c.grade = shown.grade;
    c.ulps = shown.ulps;
    c.condition = shown.condition;
    c.where = shown.where;
    c.got = hex(shown.got);
    c.expected = shown.expected;
    c.digits = shown.digits;
    c.measured_from = shown.measured_from;
    c.convention = shown.convention;
    c.gradient_asked = place.output != "value";
    (c.gradient_asked ? c.gradient : c.value) = ComponentVerdict{found.grade, found.ulps};
    settle(c, found.conforms, finding_id(place), found.conforms ? "" : failure_text(place, found, shrunk));
    if (fails(c)) tell(c, shown, shrunk);
    return keep(std::move(c));
  }

  void add(std::size_t loss, const std::string& dtype, const std::string& cell,
           const audit::PromiseKept& promise) {
    ReportedCase c;
    c.loss = catalogue()[loss].name;
    c.variant = promise.variant;
    c.dtype = dtype;
    c.id = c.slug = cell;
    if (promise.kept == 0 && !promise.broken) {
      c.status = Status::not_offered;
    } else {
      const std::string id =
          fmt::format("promise/{}/{}/{}{}", c.loss, dtype, promise.sentence, behind(c.variant));
      c.told.kind = ErrorKind::broken_promise;
      c.told.said = promise.sentence;
      settle(c, !promise.broken, id, promise.broken ? promise_text(promise) : "");
    }
    keep(std::move(c));
  }

  void add(const audit::StrandResult& strand, const audit::Silence& silence) {
    ReportedCase c = begin(silence.question, strand.cell + "/no-answer");
    c.finding = silence.finding;
    c.detail = silence.detail;
    c.told.kind = silence.finding.empty() ? ErrorKind::error : ErrorKind::no_answer;
    c.told.said = printable(silence.message);
    add_witness(c, silence.question);
    settle(c, false, silence.finding,
           fmt::format("{} {}: {}", title(strand.loss, strand.variant), strand.dtype, silence.message));
    keep(std::move(c));
  }

  void add(Finding finding) { report.findings.push_back(reported(std::move(finding), known_)); }

 private:
  ReportedCase begin(const Case& question, std::string slug) const {
    ReportedCase c;
    c.id = canonical_id(question);
    c.loss = question.loss.name();
    c.variant = question.variant;
    c.dtype = name(question.dtype);
    c.slug = std::move(slug);
    c.reproduce = pasted_command(question, campaign_.task.command);
    return c;
  }

  static void tell(ReportedCase& c, const audit::Worst& shown, const audit::Shrunk* shrunk) {
    tell_component(c.told, shown.got, component_of(shown), shown.grade, shown.question.dtype);
    if (shrunk && shrunk->confident) c.told.mechanism = shrunk->sentence;
    add_witness(c, shown.question);
  }

  /// Whether it fails, and whether that is known.
  void settle(ReportedCase& c, bool conforms, const std::string& finding, const std::string& message) {
    const Event event = conforms ? Event::passed : Event::failed;
    const KnownFailure* excuse = known_.note(c, finding, event);
    c.status = Status::conforming;
    if (conforms) return;
    if (c.finding.empty()) c.finding = finding;
    c.message = printable(message);
    c.status = excuse ? Status::known : Status::failed;
    if (excuse) c.reason = excuse->reason;
  }

  std::size_t keep(ReportedCase c) {
    report.cases.push_back(std::move(c));
    return report.cases.size() - 1;
  }

  const audit::Campaign& campaign_;
  KnownFailures& known_;
};

/// The mechanism and the program of the case that is told: audits know them of each place.
void add_explanations(AuditReport& audit) {
  std::map<std::size_t, const audit::Shrunk*> simple;
  for (const AuditedPlace& each : audit.places)
    if (each.shrunk) simple.emplace(each.reported, each.shrunk);
  for (Cause& cause : audit.report.causes) {
    const auto found = simple.find(cause.cases.front());
    if (found == simple.end()) continue;
    const audit::Shrunk& shrunk = *found->second;
    cause.mechanism = shrunk.mechanism;
    cause.sentence = shrunk.sentence;
    cause.evidence = shrunk.evidence;
    cause.confident = shrunk.confident;
    if (shrunk.snippet.empty()) continue;
    cause.language = audit.campaign.task.implementation.language;
    cause.snippet = shrunk.snippet;
  }
}

KnownFailures::Scope scope_of(const audit::Task& task) {
  const Selection all = select({}, {});
  std::vector<std::string> dtypes;
  for (const Dtype d : all.dtypes) dtypes.emplace_back(name(d));
  std::vector<Regime> asked;
  for (const std::string& each : task.regimes)
    if (const auto regime = regime_named(each)) asked.push_back(*regime);
  return {task.losses, task.dtypes, all.losses, dtypes, asked, true};
}

}  // namespace

std::string finding_id(const audit::Place& place) { return "audit/" + audit::text(place); }

AuditReport audit_report(const audit::Campaign& campaign, KnownFailures& known) {
  AuditReport out{.campaign = campaign, .report = {}, .places = {}};
  Reporter reporter(campaign, known);
  const auto shrunk = audit::worst_shrunk(campaign.results);
  for (const auto& [place, found] : audit::worst_found(campaign.results)) {
    const auto simple = shrunk.find(place);
    const audit::Shrunk* made_simple = simple == shrunk.end() || found.worst->conforms
                                           ? nullptr
                                           : &*campaign.results.at(simple->second).shrunk;
    out.places.push_back({place, found.worst, made_simple, reporter.add(place, *found.worst, made_simple)});
  }
  for (const auto& [key, promise] : audit::promises(campaign.results))
    reporter.add(std::get<0>(key), std::get<1>(key), std::get<2>(key), promise);
  std::set<std::string> silent, unsteady;
  for (const auto& [number, strand] : campaign.results) {
    // One of a kind, of each loss and dtype, says it all.
    if (strand.silence && silent
                              .insert(fmt::format("{}{} {} {}", strand.loss, behind(strand.variant),
                                                  strand.dtype, strand.silence->finding))
                              .second)
      reporter.add(strand, *strand.silence);
    if (strand.unsteady)
      if (const std::string id =
              fmt::format("protocol/unsteady/{}/{}{}", strand.loss, strand.dtype, behind(strand.variant));
          unsteady.insert(id).second)
        reporter.add(Finding{
            id, fmt::format("{}, at {}", strand.unsteady->message, witness(strand.unsteady->question, 24))});
  }
  for (const Finding& each : campaign.findings) reporter.add(each);

  out.report = std::move(reporter.report);
  out.report.binades = binades(audit::binades(campaign.results));
  out.report.unit = "place";
  out.report.version = campaign.task.version;
  out.report.implementation = campaign.task.implementation;
  out.report.command = campaign.task.command;
  out.report.require = grade_named(campaign.task.require).value_or(Grade::stable);
  out.report.causes = causes(out.report);
  add_explanations(out);
  for (const KnownFailures::Stale& each : known.stale(scope_of(campaign.task)))
    out.report.stale.push_back({each.pattern, each.why, each.line});
  return out;
}

void write_audit(const AuditReport& audit, const std::filesystem::path& path) {
  check_report_path(path);
  if (path.extension() == ".json") return write_text(audit_json(audit), path);
  if (path.extension() == ".html") return write_text(audit_html(audit), path);
  if (path.extension() == ".md") return write_text(audit_markdown(audit), path);
  write_text(audit_junit(audit.report), path);
}

}  // namespace assay
