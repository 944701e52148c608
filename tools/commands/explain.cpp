// `assay explain`: one case in words.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "losses/catalogue/records.hpp"
#include "tools/commands/command.hpp"
#include "tools/golden/find_case.hpp"
#include "tools/judge/judge.hpp"
#include "tools/mechanisms/diagnosis.hpp"
#include "tools/reports/case_in_words.hpp"
#include "tools/reports/case_reporter.hpp"
#include "tools/reports/cause.hpp"
#include "tools/reports/cause_explaining.hpp"
#include "tools/reports/describe.hpp"
#include "tools/reports/reproducer.hpp"
#include "tools/testees/chosen_testee.hpp"
#include "tools/testees/record.hpp"
#include "tools/text/decimal.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

struct ExplainOptions {
  std::string named;    ///< what find_case takes
  std::string golden;   ///< empty: the folder that came with the program
  std::string variant;  ///< empty: the one that the case names, or the first that is offered
  std::string record;   ///< answers by a testee that is not here; empty: it is
  TesteeOptions testee;
};

/// The last lines: the verdict; whether it conforms.
bool print_verdict(const GoldenCase& golden, const Answer& answer, const Handshake& handshake) {
  fmt::print("\n");
  if (answer.outcome != Answer::Outcome::answered) {
    const bool errored = answer.outcome == Answer::Outcome::errored;
    fmt::print("{}: {}\n", errored ? "error" : "skipped", printable(answer.reason));
    return golden.error;
  }
  if (golden.error) {
    fmt::print("unchecked domain: the request is invalid and was answered\n");
    return true;
  }
  const std::vector<std::string>& declared = declared_conventions(handshake, golden.question);
  const CaseVerdict verdict = judge(golden.question, golden.truth, golden.conventions, answer, declared);
  fmt::print("{}", verdict_in_words(golden, verdict));
  return verdict.protocol.empty() && verdict.grade <= Grade::stable;
}

/// The kind of error, as a report tells it.
void print_cause(const GoldenCase& golden, const Answer& answer, const Handshake& handshake) {
  KnownFailures none;
  CaseReporter reporter(handshake, Grade::stable, none);
  Report report;
  report.cases.push_back(CaseReporter::begin(golden, golden.question.variant, "", {}));
  reporter.answered(report.cases.front(), golden, answer);
  for (const Cause& each : causes(report)) fmt::print("{}\n", each.what);
}

/// Why the answer is wrong, where a model of a wrong computation gives the testee's other answers too.
void print_mechanism(const Case& question, const Answer& answer, Testee& testee) {
  std::size_t numbers = 0;
  for (const auto& [name, tensor] : question.inputs) numbers += tensor.size();
  if (numbers > most_diagnosed_numbers) return;
  std::fflush(stdout);
  mechanisms::Diagnosing diagnosing(question, answer, &testee.handshake(), diagnosis_seed);
  testee.ask(diagnosing);
  const std::optional<mechanisms::Diagnosis> found = diagnosing.diagnosis();
  if (!found)
    fmt::print("why: none of the mechanisms known here explains it\n");
  else
    fmt::print("why{}: {}; {} ({})\n", found->confident ? "" : ", perhaps", found->mechanism, found->sentence,
               found->evidence);
}

/// What fails is what somebody wants to paste into a report about it.
void print_reproducer(const AnnotatedCase& c, const std::vector<std::string>& command, Testee& testee) {
  const Handshake& handshake = testee.handshake();
  const std::optional<Reproducer> again =
      reproducer(c, command, handshake.implementation.language,
                 handshake.snippets ? testee.snippet(c.question) : std::nullopt);
  if (!again) return;
  fmt::print("\nthe same in {}:\n\n{}\n", again->language, again->snippet);
}

/// Which variant of the loss the testee is asked; those that it has are told where nobody named one. Throws
/// UsageError for one that it does not have.
std::string variant_for(const Case& question, const std::string& wanted, const Handshake& handshake) {
  std::vector<std::string> known;
  for (const Offer* each : offers_of(handshake, question.loss.name())) known.push_back(each->variant);
  const std::string& named = wanted.empty() ? question.variant : wanted;
  if (named.empty()) {
    if (known.size() > 1)
      fmt::print("\nasked is the variant {}; --variant names another of {}\n", known.front(),
                 fmt::join(known, ", "));
    return known.empty() ? "" : known.front();
  }
  if (std::ranges::find(known, named) != known.end()) return named;
  std::erase(known, "");
  const auto near = nearest(named, known);
  throw UsageError(fmt::format(
      "{} has no variant \"{}\" of {}{}", printable(handshake.implementation.name), printable(named),
      printable(question.loss.name()),
      near ? fmt::format("; did you mean \"{}\"?", *near)
      : known.empty()
          ? "; it is offered without"
          : fmt::format("; there {} {}", known.size() == 1 ? "is" : "are", fmt::join(known, ", "))));
}

int explain(const ExplainOptions& options) {
  check(options.testee);
  if (!options.record.empty() && !options.testee.command.empty())
    throw UsageError("explain takes recorded answers or a testee: leave one of them out");
  FoundCase found = find_case(options.named, options.golden);
  GoldenCase& golden = found.golden();
  if (!found.choice.empty()) fmt::print("{}\n", printable(found.choice));
  fmt::print("{}", question_in_words(golden, found.file));
  std::fflush(stdout);

  const std::unique_ptr<Testee> testee =
      options.record.empty() ? chosen_testee(options.testee) : recorded_testee(read_record(options.record));
  if (!greeted(*testee)) return 3;
  golden.question.variant = variant_for(golden.question, options.variant, testee->handshake());
  const std::optional<Case> question = offered(golden.question, testee->handshake());
  Answer answer;
  std::string lost, detail;
  if (question) {
    golden.question.wrt = question->wrt;
    testee->ask(
        {*question}, [&](std::size_t, Answer a) { answer = std::move(a); },
        [&](std::size_t, const Finding& f) {
          lost = fmt::format("{}: {}", f.id, printable(f.message)), detail = last_lines(f.detail);
        });
  }
  const bool answered = question && lost.empty() && answer.outcome == Answer::Outcome::answered;
  if (!golden.error) {
    fmt::print("{}", numbers_in_words(golden, answered ? &answer : nullptr,
                                      declared_conventions(testee->handshake(), golden.question)));
  } else {
    fmt::print("\nexpected: an error, the request is outside the domain: {}\n",
               why_invalid(golden.question).value_or("as the golden file says"));
  }
  const Implementation& implementation = testee->handshake().implementation;
  fmt::print("\nanswered by {} {}", printable(implementation.name), printable(implementation.version));
  bool conforms = false;
  if (!question)
    fmt::print(
        "\nnot offered: this loss, dtype, reduction, parameter or rank is not among what it declares\n");
  else if (!lost.empty())
    fmt::print("\n{}\n{}", lost, detail);
  else
    conforms = print_verdict(golden, answer, testee->handshake());

  if (answered && !conforms && !golden.error) {
    print_cause(golden, answer, testee->handshake());
    // A mechanism shows in the answers to further cases, and of a record nobody is there to be asked.
    if (options.record.empty()) print_mechanism(*question, answer, *testee);
  }
  if (question && !conforms) {
    AnnotatedCase asked = golden;
    asked.question = *question;
    print_reproducer(asked, options.testee.command, *testee);
  }
  for (const Finding& f : testee->finish()) {
    fmt::print("{}: {}\n{}", printable(f.id), printable(f.message), last_lines(f.detail));
    conforms = false;
  }
  return !question ? 3 : conforms ? 0 : 1;
}

}  // namespace

Command explain_command() {
  const auto o = std::make_shared<ExplainOptions>();
  return {
      .name = "explain",
      .purpose = "one case in words, and what a testee answers",
      .options = {{.name = "case",
                   .value = &o->named,
                   .purpose =
                       "a golden case's id, LOSS/DTYPE/SLUG, LOSS/SLUG, a slug of one loss, or a file of one "
                       "case ('-': standard input)",
                   .required = true},
                  golden_option(o->golden),
                  {"--variant", &o->variant, "of the loss, where the testee offers several"},
                  {"--record", &o->record, "recorded answers, instead of a testee's"},
                  timeout_option(o->testee.timeout)},
      .testee = &o->testee.command,
      .run = [o] { return explain(*o); }};
}

}  // namespace assay
