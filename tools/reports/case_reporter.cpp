#include "tools/reports/case_reporter.hpp"

#include <fmt/format.h>

#include "tools/reports/cause.hpp"
#include "tools/reports/describe.hpp"
#include "tools/reports/reported_finding.hpp"
#include "tools/text/printable.hpp"

namespace assay {

using Status = ReportedCase::Status;
using Event = KnownFailures::Event;

ReportedCase CaseReporter::begin(const GoldenCase& golden, const std::string& variant,
                                 const std::string& golden_folder, const std::vector<std::string>& command) {
  ReportedCase c;
  c.id = golden.question.id;
  c.loss = golden.question.loss.name();
  c.dtype = name(golden.question.dtype);
  c.slug = golden.slug;
  c.variant = variant;
  c.flags = golden.flags;
  c.regime = golden.regime;
  c.status = Status::not_offered;
  c.reproduce = reproduce_command(c.id, golden_folder, command, variant);
  return c;
}

void CaseReporter::answered(ReportedCase& c, const GoldenCase& golden, const Answer& answer) {
  const std::string head = fmt::format("{} {}", title(c.loss, c.variant), c.dtype);
  switch (answer.outcome) {
    case Answer::Outcome::errored:
      if (golden.error) return pass(c);
      c.told.kind = ErrorKind::error;
      c.told.said = printable(answer.reason);
      fail(c, "", fmt::format("{}: error on a valid case ({}): {}", head, c.slug, answer.reason));
      return add_witness(c, golden.question);
    case Answer::Outcome::skipped:
      if (golden.error) {
        const std::string message =
            fmt::format("{}: skipped an invalid request ({}): {}", head, c.slug, answer.reason);
        c.told.kind = ErrorKind::invalid_answered;
        if (errors_ == Errors::required)
          fail(c, "", message + "; an error is required");
        else
          unchecked(c, message);
        return;
      }
      c.status = Status::failed;
      c.told.kind = ErrorKind::skipped;
      c.told.said = printable(answer.reason);
      add_witness(c, golden.question);
      c.message = printable(
          fmt::format("{}: skipped a valid case that it offers ({}): {}", head, c.slug, answer.reason));
      known_.note(c, "", Event::skipped);
      return;
    case Answer::Outcome::answered:
      if (golden.error) c.told.kind = ErrorKind::invalid_answered;
      if (golden.error && errors_ == Errors::required)
        fail(c, "", fmt::format("{}: answered an invalid request, an error is required ({})", head, c.slug));
      else if (golden.error)
        unchecked(c, fmt::format("{}: answered an invalid request ({})", head, c.slug));
      else
        judged(c, golden,
               judge(golden.question, golden.truth, golden.conventions, answer,
                     declared_conventions(handshake_, golden.question), binades_.of(golden, c.variant)),
               answer);
  }
}

void CaseReporter::lost(ReportedCase& c, const Finding& finding) {
  c.told.kind = ErrorKind::no_answer;
  c.told.said = printable(finding.message);
  fail(c, finding.id,
       fmt::format("{} {}: {} ({})", title(c.loss, c.variant), c.dtype, finding.message, c.slug));
  c.detail = finding.detail;
}

ReportedFinding CaseReporter::found(Finding finding) { return reported(std::move(finding), known_); }

void CaseReporter::judged(ReportedCase& c, const GoldenCase& golden, const CaseVerdict& verdict,
                          const Answer& answer) {
  const auto line = [&] { return failure_line(golden.question, golden.slug, verdict, required_); };
  if (!verdict.protocol.empty()) {
    c.told.kind = ErrorKind::no_answer;
    c.told.said = printable(verdict.protocol);
    return fail(c, "protocol/shape", line());
  }
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
  c.measured_from = verdict.measured_from;
  const bool conforms = verdict.grade <= required_;
  // One that is declared has to be followed; one that is not has nothing to do with an answer that conforms.
  if (conforms == verdict.declared) c.convention = verdict.convention;
  if (conforms) return pass(c);
  fail(c, "", line());
  tell_error(c, golden, verdict, answer);
}

void CaseReporter::tell_error(ReportedCase& c, const GoldenCase& golden, const CaseVerdict& verdict,
                              const Answer& answer) const {
  const Dtype dtype = golden.question.dtype;
  tell_component(c.told, verdict.got, verdict.truth, verdict.grade, dtype);
  if (!c.measured_from.empty()) c.told.expected += fmt::format(" by the convention {}", c.measured_from);
  c.told.factor = common_factor(verdict.where, golden.truth, answer, dtype, required_);
  add_witness(c, golden.question);
}

void CaseReporter::pass(ReportedCase& c) {
  c.status = Status::conforming;
  known_.note(c, "", Event::passed);
}

void CaseReporter::unchecked(ReportedCase& c, const std::string& message) {
  c.status = Status::unchecked_domain;
  c.message = printable(message);
  known_.note(c, "", Event::passed);
}

void CaseReporter::fail(ReportedCase& c, const std::string& finding, const std::string& message) {
  c.finding = finding;
  c.message = printable(message);
  const KnownFailure* excuse = known_.note(c, finding, Event::failed);
  c.status = excuse ? Status::known : Status::failed;
  if (excuse) c.reason = excuse->reason;
}

}  // namespace assay
