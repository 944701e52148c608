#include "tools/commands/verify.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "losses/catalogue/catalogue.hpp"
#include "tools/golden/golden_folder.hpp"
#include "tools/reports/describe.hpp"
#include "tools/reports/known_failures.hpp"
#include "tools/reports/progress.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

using Status = ReportedCase::Status;
using Event = KnownFailures::Event;

/// One run: every golden case becomes a reported one, in place, as its answer arrives.
class Run {
 public:
  Run(const VerifyOptions& options, Grade required, KnownFailures& known, std::vector<GoldenFile>& files,
      Testee& testee)
      : options_(options), required_(required), known_(known), testee_(testee) {
    for (GoldenFile& file : files)
      for (GoldenCase& each : file.cases) golden_.push_back(&each);
  }

  Report report() {
    Report out;
    out.version = ASSAY_VERSION;
    out.implementation = testee_.handshake().implementation;
    out.command = options_.command;
    out.golden = options_.golden;
    out.require = required_;
    ask(out);
    for (Finding& f : testee_.finish()) {
      const KnownFailure* excuse = known_.note(f.id, Event::failed);
      out.findings.push_back(
          {std::move(f.id), std::move(f.message), excuse ? excuse->reason : "", std::move(f.detail)});
    }
    return out;
  }

  [[nodiscard]] std::size_t asked() const { return asked_; }

 private:
  void ask(Report& out) {
    std::vector<Case> questions;
    std::vector<std::size_t> place;
    for (GoldenCase* golden : golden_) {
      ReportedCase each;
      each.id = golden->question.id;
      each.loss = golden->question.loss;
      each.dtype = name(golden->question.dtype);
      each.slug = golden->slug;
      each.flags = golden->flags;
      each.reproduce = reproduce_command(each.id, options_.golden, options_.command);
      if (auto question = offered(golden->question, testee_.handshake())) {
        golden->question.wrt = question->wrt;
        place.push_back(out.cases.size());
        questions.push_back(*std::move(question));
      } else {
        each.status = Status::not_offered;
      }
      out.cases.push_back(std::move(each));
    }
    asked_ = questions.size();

    std::vector<bool> told(questions.size(), false);
    Progress progress("verify", asked_, options_.progress);
    const auto next = [&](std::size_t i) -> ReportedCase& {
      told[i] = true;
      progress.step();
      return out.cases[place[i]];
    };
    const auto answered = [&](std::size_t i, const Answer& a) { settle(next(i), *golden_[place[i]], a); };
    const auto lost = [&](std::size_t i, const Finding& f) {
      ReportedCase& c = next(i);
      fail(c, f.id, fmt::format("{} {}: {} ({})", c.loss, c.dtype, f.message, c.slug));
      c.detail = f.detail;
    };
    testee_.ask(questions, answered, lost);
    for (std::size_t i = 0; i < told.size(); ++i)
      if (!told[i]) lost(i, {"protocol/not-reached", "no answer came back"});
  }

  void settle(ReportedCase& c, const GoldenCase& golden, const Answer& answer) {
    const std::string head = fmt::format("{} {}", c.loss, c.dtype);
    const bool errored = answer.outcome == Answer::Outcome::errored;
    if (golden.error && !errored) {
      c.status = Status::unchecked_domain;
      c.message = answer.outcome == Answer::Outcome::skipped
                      ? fmt::format("{}: skipped an invalid request ({}): {}", head, c.slug, answer.reason)
                      : fmt::format("{}: answered an invalid request ({})", head, c.slug);
      known_.note(c.id, Event::passed);
    } else if (golden.error) {
      pass(c);
    } else if (errored) {
      fail(c, "", fmt::format("{}: error on a valid case ({}): {}", head, c.slug, answer.reason));
    } else if (answer.outcome == Answer::Outcome::skipped) {
      c.status = Status::failed;
      c.message =
          fmt::format("{}: skipped a valid case that it offers ({}): {}", head, c.slug, answer.reason);
      known_.note(c.id, Event::skipped);
    } else {
      judged(c, golden, judge(answer, golden));
    }
    c.message = printable(c.message);
  }

  void judged(ReportedCase& c, const GoldenCase& golden, const CaseVerdict& verdict) {
    if (!verdict.protocol.empty()) return fail(c, "protocol/shape", failure_line(golden, verdict, required_));
    c.grade = verdict.grade;
    c.ulps = verdict.ulps;
    c.condition = condition(verdict.truth);
    c.where = verdict.where;
    c.got = hex(verdict.got);
    c.expected = verdict.truth.lower < verdict.truth.upper
                     ? fmt::format("[{}, {}]", hex(verdict.truth.lower), hex(verdict.truth.upper))
                     : hex(verdict.truth.rounded);
    c.digits = verdict.truth.digits;
    c.convention = verdict.convention;
    const auto& losses = testee_.handshake().losses;
    const auto offer = losses.find(c.loss);
    const bool declared =
        !c.convention.empty() && offer != losses.end() &&
        std::count(offer->second.conventions.begin(), offer->second.conventions.end(), c.convention) > 0;
    if (verdict.grade <= required_ || declared)
      pass(c);
    else
      fail(c, "", failure_line(golden, verdict, required_));
  }

  void pass(ReportedCase& c) {
    c.status = Status::conforming;
    known_.note(c.id, Event::passed);
  }

  void fail(ReportedCase& c, const std::string& finding, const std::string& message) {
    c.finding = finding;
    c.message = printable(message);
    const KnownFailure* by_case = known_.note(c.id, Event::failed);
    const KnownFailure* by_finding = finding.empty() ? nullptr : known_.note(finding, Event::failed);
    const KnownFailure* excuse = by_case ? by_case : by_finding;
    c.status = excuse ? Status::known : Status::failed;
    if (excuse) c.reason = excuse->reason;
  }

  const VerifyOptions& options_;
  Grade required_;
  KnownFailures& known_;
  Testee& testee_;
  std::vector<GoldenCase*> golden_;
  std::size_t asked_ = 0;
};

KnownFailures::Scope scope_of(const Selection& selection) {
  const auto names = [](const Selection& s) {
    std::vector<std::string> all;
    for (const Dtype d : s.dtypes) all.emplace_back(name(d));
    return all;
  };
  const Selection all = select({}, {});
  return {selection.losses, names(selection), all.losses, names(all)};
}

}  // namespace

std::unique_ptr<Testee> testee_of(const std::vector<std::string>& command, double timeout, int jobs) {
  if (command.empty()) return kernel_testee();
  ProcessOptions process;
  process.command = command;
  process.answer_seconds = timeout;
  process.jobs = jobs;
  return process_testee(std::move(process));
}

bool greeted(Testee& testee) {
  try {
    testee.handshake();
    return true;
  } catch (const TesteeError& e) {
    fmt::print(stderr, "{}assay: {}\n", last_lines(e.detail), printable(e.what()));
  } catch (const std::runtime_error& e) {
    fmt::print(stderr, "assay: {}\n", printable(e.what()));
  }
  return false;
}

int verify(const VerifyOptions& options) {
  const auto required = grade_named(options.require);
  if (!required)
    throw UsageError(
        fmt::format("no grade named \"{}\"; from the best there are 'correctly rounded', faithful, tight, "
                    "stable, absolute, inaccurate and wrong",
                    printable(options.require)));
  for (const std::string& each : options.reports) check_report_path(each);
  const Selection selection = select(options.losses, options.dtypes);
  KnownFailures known =
      options.known_failures.empty() ? KnownFailures() : KnownFailures(options.known_failures);
  const std::filesystem::path folder = golden_folder(options.golden);
  std::vector<GoldenFile> files = read_golden_folder(folder, selection);

  const std::unique_ptr<Testee> testee = testee_of(options.command, options.timeout, options.jobs);
  if (!greeted(*testee)) return 3;
  Run run(options, *required, known, files, *testee);
  Report report = run.report();
  if (report.golden.empty()) report.golden = folder.string();
  for (const KnownFailures::Stale& each : known.stale(scope_of(selection)))
    report.stale.push_back({each.pattern, each.why, each.line});

  fmt::print("{}", report_summary(report));
  for (const std::string& each : options.reports) write_report(report, each);
  if (run.asked() == 0) {
    fmt::print(stderr, "assay: nothing was judged: {} offers none of the {} cases\n",
               printable(report.implementation.name), report.cases.size());
    return 3;
  }
  return conforms(report) ? 0 : 1;
}

}  // namespace assay
