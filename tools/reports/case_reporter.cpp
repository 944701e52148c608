#include "tools/reports/case_reporter.hpp"

#include <fmt/format.h>

#include "tools/reports/describe.hpp"
#include "tools/text/printable.hpp"

namespace assay {

using Status = ReportedCase::Status;
using Event = KnownFailures::Event;

ReportedCase CaseReporter::begin(const GoldenCase& golden, const std::string& golden_folder,
                                 const std::vector<std::string>& command) {
  ReportedCase c;
  c.id = golden.question.id;
  c.loss = golden.question.loss.name();
  c.dtype = name(golden.question.dtype);
  c.slug = golden.slug;
  c.flags = golden.flags;
  c.regime = golden.regime;
  c.status = Status::not_offered;
  c.reproduce = reproduce_command(c.id, golden_folder, command);
  return c;
}

void CaseReporter::answered(ReportedCase& c, const GoldenCase& golden, const Answer& answer) {
  const std::string head = fmt::format("{} {}", c.loss, c.dtype);
  switch (answer.outcome) {
    case Answer::Outcome::errored:
      if (golden.error)
        pass(c);
      else
        fail(c, "", fmt::format("{}: error on a valid case ({}): {}", head, c.slug, answer.reason));
      return;
    case Answer::Outcome::skipped:
      if (golden.error) {
        unchecked(c, fmt::format("{}: skipped an invalid request ({}): {}", head, c.slug, answer.reason));
        return;
      }
      c.status = Status::failed;
      c.message = printable(
          fmt::format("{}: skipped a valid case that it offers ({}): {}", head, c.slug, answer.reason));
      known_.note(c.id, Event::skipped);
      return;
    case Answer::Outcome::answered:
      if (golden.error)
        unchecked(c, fmt::format("{}: answered an invalid request ({})", head, c.slug));
      else
        judged(c, golden,
               judge(golden.question, golden.truth, golden.conventions, answer, binades_.of(golden)));
  }
}

void CaseReporter::lost(ReportedCase& c, const Finding& finding) {
  fail(c, finding.id, fmt::format("{} {}: {} ({})", c.loss, c.dtype, finding.message, c.slug));
  c.detail = finding.detail;
}

ReportedFinding CaseReporter::found(Finding finding) {
  const KnownFailure* excuse = known_.note(finding.id, Event::failed);
  return {std::move(finding.id), std::move(finding.message), excuse ? excuse->reason : "",
          std::move(finding.detail)};
}

void CaseReporter::judged(ReportedCase& c, const GoldenCase& golden, const CaseVerdict& verdict) {
  const auto line = [&] { return failure_line(golden.question, golden.slug, verdict, required_); };
  if (!verdict.protocol.empty()) return fail(c, "protocol/shape", line());
  const reference::Component& truth = verdict.truth;
  c.grade = verdict.grade;
  c.value = verdict.value;
  if (c.gradient_asked) c.gradient = verdict.gradient;
  c.ulps = verdict.ulps;
  c.condition = condition(truth);
  c.where = verdict.where;
  c.got = hex(verdict.got);
  c.expected = truth.lower < truth.upper ? fmt::format("[{}, {}]", hex(truth.lower), hex(truth.upper))
                                         : hex(truth.rounded);
  c.digits = truth.digits;
  c.convention = verdict.convention;
  if (verdict.grade <= required_ || declares(handshake_, c.loss, c.convention))
    pass(c);
  else
    fail(c, "", line());
}

void CaseReporter::pass(ReportedCase& c) {
  c.status = Status::conforming;
  known_.note(c.id, Event::passed);
}

void CaseReporter::unchecked(ReportedCase& c, const std::string& message) {
  c.status = Status::unchecked_domain;
  c.message = printable(message);
  known_.note(c.id, Event::passed);
}

void CaseReporter::fail(ReportedCase& c, const std::string& finding, const std::string& message) {
  c.finding = finding;
  c.message = printable(message);
  const KnownFailure* by_case = known_.note(c.id, Event::failed);
  const KnownFailure* by_finding = finding.empty() ? nullptr : known_.note(finding, Event::failed);
  const KnownFailure* excuse = by_case ? by_case : by_finding;
  c.status = excuse ? Status::known : Status::failed;
  if (excuse) c.reason = excuse->reason;
}

}  // namespace assay
