#include "tools/commands/verification.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/golden/golden_folder.hpp"
#include "tools/reports/case_reporter.hpp"
#include "tools/reports/cause.hpp"
#include "tools/reports/cause_explaining.hpp"
#include "tools/reports/report_summary.hpp"
#include "tools/reports/reproducer.hpp"
#include "tools/reports/write_report.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/progress.hpp"

namespace assay {
namespace {

/// Every case of a report, in the files' order, with what became of it.
struct Asked {
  std::vector<ReportedCase> cases;
  FailedAnswers failed;   ///< of those that are not too long to be looked at again
  std::size_t count = 0;  ///< those that the testee offers
};

/// Drops the cases of other regimes; the known failures are told of them.
void keep(const std::vector<Regime>& wanted, std::vector<GoldenFile>& files, KnownFailures& known) {
  for (GoldenFile& file : files)
    std::erase_if(file.cases, [&](const GoldenCase& each) {
      const bool drop = std::ranges::find(wanted, each.regime) == wanted.end();
      if (drop)
        known.withhold({.id = each.question.id,
                        .loss = each.question.loss.name(),
                        .dtype = std::string(name(each.question.dtype)),
                        .slug = each.slug,
                        .flags = each.flags,
                        .regime = each.regime});
      return drop;
    });
}

/// Every case is asked of each variant that its loss is offered in. Of a question whose `wrt` the offer cuts
/// short, the golden case expects no more than that.
Asked ask(Testee& testee, std::vector<GoldenFile>& files, CaseReporter& reporter,
          const VerifyOptions& options) {
  Asked out;
  std::vector<Case> questions;
  std::vector<GoldenCase*> golden;  // of each question
  std::vector<std::size_t> place;   // of each question, among the reported cases
  const Handshake& handshake = testee.handshake();
  for (GoldenFile& file : files) {
    std::vector<std::string> variants;
    for (const Offer* each : offers_of(handshake, file.loss)) variants.push_back(each->variant);
    if (variants.empty()) variants.emplace_back();
    for (const std::string& variant : variants)
      for (GoldenCase& each : file.cases) {
        out.cases.push_back(CaseReporter::begin(each, variant, options.golden, options.testee.command));
        each.question.variant = variant;
        std::optional<Case> question = offered(each.question, handshake);
        if (!question || (each.error && asked_inside_domains_only(options.testee))) continue;
        out.cases.back().gradient_asked = !each.error && !question->wrt.empty();
        golden.push_back(&each);
        place.push_back(out.cases.size() - 1);
        questions.push_back(*std::move(question));
      }
  }
  out.count = questions.size();

  std::vector<bool> told(questions.size(), false);
  Progress progress("verify", questions.size(), options.progress);
  const auto next = [&](std::size_t i) -> ReportedCase& {
    told[i] = true;
    progress.step();
    return out.cases[place[i]];
  };
  const auto lost = [&](std::size_t i, const Finding& finding) { reporter.lost(next(i), finding); };
  const auto answered = [&](std::size_t i, Answer answer) {
    Case& asked = golden[i]->question;
    asked.wrt = questions[i].wrt;
    asked.variant = questions[i].variant;
    ReportedCase& c = next(i);
    reporter.answered(c, *golden[i], answer);
    std::size_t numbers = 0;
    for (const auto& [name, tensor] : questions[i].inputs) numbers += tensor.size();
    if (fails(c) && numbers <= most_reproduced_numbers)
      out.failed.emplace(place[i], FailedAnswer{questions[i], std::move(answer)});
  };
  testee.ask(questions, answered, lost);
  for (std::size_t i = 0; i < told.size(); ++i)
    if (!told[i]) lost(i, {"protocol/not-reached", "no answer came back"});
  return out;
}

/// The causes, and what the testee can still tell of them.
std::vector<Cause> told_causes(const Report& report, const FailedAnswers& failed, Testee& testee,
                               const VerifyOptions& options) {
  std::vector<Cause> all = causes(report);
  const std::vector<std::string>& words = options.testee.command;
  if (!words.empty() && words.front() == "--record") return all;  // it answers no further question
  diagnose(all, failed, testee, options.explain ? Diagnosed::all : Diagnosed::told_at_length);
  join_by_mechanism(all, report);
  add_snippets(all, failed, testee);
  return all;
}

KnownFailures::Scope scope_of(const Selection& selection) {
  const auto names = [](const Selection& s) {
    std::vector<std::string> all;
    for (const Dtype d : s.dtypes) all.emplace_back(name(d));
    return all;
  };
  const Selection all = select({}, {});
  return {.losses = selection.losses,
          .dtypes = names(selection),
          .all_losses = all.losses,
          .all_dtypes = names(all)};
}

}  // namespace

int verify(const VerifyOptions& options, const StartTestee& start) {
  const Grade required = grade_from(options.require);
  for (const std::string& each : options.reports) check_report_path(each);
  const Selection selection = select(options.losses, options.dtypes);
  const std::vector<Regime> wanted = regimes_from(options.regimes);
  KnownFailures known =
      options.known_failures.empty() ? KnownFailures() : KnownFailures(options.known_failures);
  const std::filesystem::path folder = golden_folder(options.golden);
  std::vector<GoldenFile> files = read_golden_folder(folder, selection);
  const std::unique_ptr<Testee> testee = start(files);
  if (!wanted.empty()) keep(wanted, files, known);
  if (!greeted(*testee)) return 3;
  CaseReporter reporter(testee->handshake(), required, known,
                        options.require_errors ? Errors::required : Errors::expected);
  Asked asked = ask(*testee, files, reporter, options);
  Report report{.version = ASSAY_VERSION,
                .implementation = testee->handshake().implementation,
                .command = options.testee.command,
                .golden = options.golden.empty() ? folder.string() : options.golden,
                .require = required,
                .cases = std::move(asked.cases),
                .findings = {},
                .stale = {}};
  report.causes = told_causes(report, asked.failed, *testee, options);
  for (Finding& each : testee->finish()) report.findings.push_back(reporter.found(std::move(each)));
  for (const KnownFailures::Stale& each : known.stale(scope_of(selection)))
    report.stale.push_back({each.pattern, each.why, each.line});

  report.binades = reporter.binades().worst();

  fmt::print("{}", report_summary(report, summary_style(options.hex)));
  for (const std::string& each : options.reports) write_report(report, each);
  if (asked.count == 0) {
    fmt::print(stderr, "assay: nothing was judged: {} offers none of the {} cases\n",
               printable(report.implementation.name), report.cases.size());
    return 3;
  }
  return conforms(report) ? 0 : 1;
}

std::vector<Option> verification_options(VerifyOptions& o) {
  return {golden_option(o.golden),
          loss_option(o.losses),
          dtype_option(o.dtypes),
          regime_option(o.regimes),
          {"--known-failures", &o.known_failures, "a file of what fails: a pattern and '# reason' a line"},
          {"--require", &o.require, "the least grade that conforms"},
          {"--require-errors", &o.require_errors, "a request outside the domain that gets no error fails"},
          {"--report", &o.reports, "FILE.json, FILE.html, FILE.xml (JUnit) or FILE.md; may be repeated"},
          {"--hex", &o.hex, "say numbers as hex floats, too"},
          {"--progress", &o.progress, "say on standard error how far it is"}};
}

}  // namespace assay
