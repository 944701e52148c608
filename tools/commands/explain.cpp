// `assay explain`: one case in words.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "losses/catalogue/catalogue.hpp"
#include "tools/commands/command.hpp"
#include "tools/golden/find_case.hpp"
#include "tools/judge/judge.hpp"
#include "tools/mechanisms/diagnosis.hpp"
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

/// Longer tensors are shown by their first numbers.
constexpr std::size_t shown = 8;
/// A hypothesis is tried on dozens of cases of this size, each certified: of more numbers, one would wait.
constexpr std::size_t most_diagnosed_numbers = 512;
constexpr std::uint64_t diagnosis_seed = 1;

std::string number_text(double x, Dtype dtype) {
  return std::isfinite(x) ? fmt::format("{} ({})", shortest(dtype, x), hex(x)) : shortest(dtype, x);
}

std::string tensor_line(const Tensor& t, Dtype dtype) {
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < std::min(t.size(), shown); ++i)
    numbers.push_back(t.is_integer ? fmt::format("{}", t.integer[i]) : number_text(t.real[i], dtype));
  if (t.size() > shown) numbers.push_back(fmt::format("... {} more", t.size() - shown));
  return fmt::format("[{}]: {}", fmt::join(t.shape, ", "), fmt::join(numbers, ", "));
}

std::string exact_text(const reference::Component& c, Dtype dtype) {
  if (!c.checked) return "any number, the contract leaves it open";
  if (c.lower < c.upper)
    return fmt::format("anything in [{}, {}], a kink; {} by the contract's rule", shortest(dtype, c.lower),
                       shortest(dtype, c.upper), shortest(dtype, c.rounded));
  if (!std::isfinite(c.rounded) &&
      (c.digits.empty() || std::isalpha(static_cast<unsigned char>(c.digits.back()))))
    return shortest(dtype, c.rounded);
  if (!c.digits.empty()) return fmt::format("{}, rounds to {}", c.digits, hex(c.rounded));
  if (c.offset == 0) return number_text(c.rounded, dtype);
  return fmt::format("{} {} {:.4f} ulp", number_text(c.rounded, dtype), c.offset < 0 ? '-' : '+',
                     std::fabs(c.offset));
}

void print_component(const std::string& label, const reference::Component& c, const double* got,
                     Dtype dtype) {
  const double k = condition(c);
  fmt::print("  {}true {}{}\n", label, exact_text(c, dtype),
             std::isnan(k) ? "" : fmt::format(", condition {:.3g}", k));
  if (got)
    fmt::print("  {:{}}got  {}, {} ulp\n", "", label.size(), number_text(*got, dtype),
               ulps_text(judge(*got, c, dtype).ulps));
}

/// What is true of a tensor and, where there is an answer, what came back instead and how far it is off: the
/// first numbers, those that are off, and in any case the one farthest off.
void print_tensor(std::string_view where, const reference::TensorTruth& truth, const Tensor* got,
                  Dtype dtype) {
  const bool comparable = got && got->shape == truth.shape && got->real.size() == truth.components.size();
  fmt::print("\n{} [{}]\n", where, fmt::join(truth.shape, ", "));
  if (got && !comparable)
    fmt::print("  came back with shape [{}] and {} numbers\n", fmt::join(got->shape, ", "), got->size());

  std::vector<bool> picked(truth.components.size(), false);
  std::size_t farthest = 0, count = 0;
  double most = -1;
  for (std::size_t i = 0; i < picked.size(); ++i) {
    const ComponentVerdict verdict =
        comparable ? judge(got->real[i], truth.components[i], dtype) : ComponentVerdict{};
    picked[i] = i < shown || (verdict.grade > Grade::stable && count < 4 * shown);
    count += picked[i];
    if (verdict.ulps > most) most = verdict.ulps, farthest = i;
  }
  if (!picked.empty() && !picked[farthest]) picked[farthest] = true, ++count;
  for (std::size_t i = 0; i < picked.size(); ++i)
    if (picked[i])
      print_component(truth.shape.empty() ? "" : fmt::format("[{}] ", i), truth.components[i],
                      comparable ? &got->real[i] : nullptr, dtype);
  if (count < picked.size()) fmt::print("  and {} more\n", picked.size() - count);
}

void print_question(const GoldenCase& golden, const GoldenFile& file) {
  const Case& c = golden.question;
  fmt::print("{}{}{}\n", printable(c.id), golden.slug.empty() ? "" : "  ", printable(golden.slug));
  if (const Record* record = c.record())
    fmt::print("{}: {}\nsource: {} ({}), {}\n", record->title, record->formula, record->source.citation,
               record->source.year, record->source.link);
  fmt::print("\nregime {}; reduction {}; gradient with respect to {}\n", name(golden.regime),
             name(c.reduction), c.wrt.empty() ? "nothing" : fmt::format("{}", fmt::join(c.wrt, ", ")));
  Case parameters_only = c;
  parameters_only.inputs.clear();
  if (!c.parameters.empty()) fmt::print("parameters: {}\n", witness(parameters_only));
  for (const auto& [name, tensor] : c.inputs)
    fmt::print("{} {}\n", printable(name), tensor_line(tensor, c.dtype));

  if (!golden.comment.empty()) fmt::print("\n{}\n", printable(golden.comment));
  for (const std::string& flag : golden.flags) {
    const auto note = file.notes.find(flag);
    if (note == file.notes.end()) continue;
    fmt::print("\n{} ({}): {} {}\n", printable(flag), printable(note->second.kind),
               printable(note->second.description), printable(note->second.effect));
    for (const std::string& link : note->second.links) fmt::print("  {}\n", printable(link));
  }
}

void print_convention(const std::string& convention, const Record* record, bool declared) {
  fmt::print("the answer follows the convention {}, which the testee {}", convention,
             declared ? "declares\n" : "does not declare\n");
  if (!record) return;
  for (const Convention& each : record->conventions)
    if (each.name == convention) fmt::print("  {} ({}): {}\n", each.about, each.used_by, each.link);
}

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
  const CaseVerdict verdict = judge(golden.question, golden.truth, golden.conventions, answer,
                                    declared_conventions(handshake, golden.question));
  if (!verdict.protocol.empty()) {
    fmt::print("wrong: {}\n", verdict.protocol);
    return false;
  }
  fmt::print("{}", name(verdict.grade));
  if (!verdict.where.empty()) fmt::print(": {} ulp at {}", ulps_text(verdict.ulps), verdict.where);
  if (verdict.truth.input_count > 1) fmt::print("; {} numbers reach it", verdict.truth.input_count);
  if (verdict.truth.scale > 0) fmt::print("; intrinsic scale {:.6g}", verdict.truth.scale);
  fmt::print("\n");
  if (!verdict.convention.empty())
    print_convention(verdict.convention, golden.question.record(), verdict.declared);
  return verdict.grade <= Grade::stable;
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
  print_question(golden, found.file);
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
    print_tensor("value", golden.truth.value, answered ? &answer.value : nullptr, golden.question.dtype);
    for (const auto& [name, truth] : golden.truth.gradient) {
      const auto got = answer.gradient.find(name);
      const bool given = answered && got != answer.gradient.end();
      print_tensor("gradient." + name, truth, given ? &got->second : nullptr, golden.question.dtype);
    }
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

  // A mechanism shows in the answers to further cases, and nobody is there to be asked.
  if (answered && !conforms && !golden.error && options.record.empty())
    print_mechanism(*question, answer, *testee);
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
  return {.name = "explain",
          .purpose = "one case in words, and what a testee answers",
          .options = {{.name = "case",
                       .value = &o->named,
                       .purpose =
                           "a golden case's id, LOSS/DTYPE/SLUG, or a file of one case ('-': standard input)",
                       .required = true},
                      golden_option(o->golden),
                      {"--variant", &o->variant, "of the loss, where the testee offers several"},
                      {"--record", &o->record, "recorded answers, instead of a testee's"},
                      timeout_option(o->testee.timeout)},
          .testee = &o->testee.command,
          .run = [o] { return explain(*o); }};
}

}  // namespace assay
