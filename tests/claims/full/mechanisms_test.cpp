// The confusion table of mechanisms over the mutants: what is wrong with each is known, and has to be found
// from its answers alone.
#include "tools/mechanisms/diagnosis.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/witnesses/mutants/kinds.hpp"
#include "tools/cases/case_source.hpp"
#include "tools/search/draws.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::tests {
namespace {

using mechanisms::Diagnosis;

/// Small cases of every class of situations, ordinary ones first, and draws; each complete.
const std::vector<Case>& questions(const Record& record, Dtype dtype) {
  static std::map<std::pair<const Record*, Dtype>, std::vector<Case>> made;
  std::vector<Case>& out = made[{&record, dtype}];
  if (!out.empty()) return out;
  const auto add = [&](const Case& c) {
    std::size_t size = 0;
    for (const auto& [name, tensor] : c.inputs) size += tensor.size();
    if (size <= 64 && !why_invalid(c)) out.push_back(complete(c));
  };
  for (std::int64_t i = 0; i < 40; ++i) add(random_case(record, dtype, 7, i).question);
  for (const AnnotatedCase& each : systematic_cases(record, dtype, 1))
    if (!each.error) add(each.question);
  return out;
}

/// What the reference says of them, once.
const reference::Truth& truth(const Case& c) {
  static std::map<const Case*, reference::Truth> known;
  const auto found = known.find(&c);
  return found != known.end() ? found->second : known.emplace(&c, reference::certify(c, {.digits = false})).first->second;
}

struct Witness {
  Case question;
  Answer answer;
};
/// The first case that the mutant answers wrongly while the kernels do not.
std::optional<Witness> witness(const mutants::Mutant& mutant, const Record& record) {
  for (const Dtype dtype : dtypes)
    for (const Case& c : questions(record, dtype)) {
      const Answer answer = mutant.answer(c);
      if (answer.outcome != Answer::Outcome::answered) continue;
      const Answer right = kernel_answer(c);
      const auto same = [&](const Tensor& a, const Tensor& b) {
        if (a.real.size() != b.real.size()) return true;  // another outcome than a wrong number
        for (std::size_t i = 0; i < a.real.size(); ++i)
          if (mechanisms::units(c.dtype, a.real[i], b.real[i]) > 8) return false;
        return true;
      };
      bool suspect = !same(answer.value, right.value);
      for (const auto& [name, tensor] : right.gradient)
        if (const auto own = answer.gradient.find(name); own != answer.gradient.end())
          suspect |= !same(own->second, tensor);
      if (!suspect) continue;
      const reference::Truth& exact = truth(c);
      if (!exact.error.empty() || !exact.undecided.empty()) continue;
      const mechanisms::Observation seen{c, answer, exact};
      for (const mechanisms::Part& part : mechanisms::parts(c))
        if (mechanisms::wrong(seen, part)) return Witness{c, answer};
    }
  return std::nullopt;
}

std::optional<Diagnosis> diagnosed(const Witness& w, const std::function<Answer(const Case&)>& answer) {
  const auto testee = in_process_testee(everything({"mutant", "1", "c++"}), answer);
  mechanisms::Diagnosing diagnosing(w.question, w.answer, &testee->handshake(), 1);
  testee->ask(diagnosing);
  return diagnosing.diagnosis();
}

struct Tally {
  int right = 0, unsure = 0, none = 0, wrong = 0, confidently_wrong = 0, unseen = 0;
};

TEST(Mechanisms, AreNamedFromTheAnswersOfMutants) {
  std::map<std::string, Tally> table;
  Tally all, strangers;
  for (const Record& record : catalogue()) {
    std::vector<mutants::Mutant> of_loss = mutants::of_any_loss(record);
    for (mutants::Mutant& each : mutants::wrong_formulas())
      if (each.loss == record.name) of_loss.push_back(std::move(each));
    for (const mutants::Mutant& mutant : of_loss) {
      if (const char* only = std::getenv("ONLY"); only && (std::string(record.name) + ": " + mutant.fault).find(only) == std::string::npos) continue;
      const std::set<std::string> kinds = mutants::kinds(mutant);
      const std::optional<Witness> w = witness(mutant, record);
      const std::string kind = kinds.empty() ? "" : *kinds.begin();
      if (!w) {
        ++table[kind].unseen;
        continue;
      }
      const std::optional<Diagnosis> d = diagnosed(*w, mutant.answer);
      Tally& row = table[kind];
      const bool right = d && kinds.contains(d->mechanism);
      if (!d) ++row.none;
      else if (right && d->confident) ++row.right;
      else if (right) ++row.unsure;
      else if (d->confident) ++row.confidently_wrong;
      else ++row.wrong;
      if (!right)
        fmt::print("{}: {} [{}]: {}{} ({}; {})\n", record.name, mutant.fault, kind, d ? d->mechanism : "nothing",
                   d && d->confident ? "!" : "", d ? d->sentence : "", d ? d->evidence : "");
    }
  }
  for (const auto& [kind, t] : table)
    fmt::print("{:24} right {:3} unsure {:3} none {:3} wrong {:3} surely wrong {:3} unseen {:3}\n", kind.empty() ? "(of no kind)" : kind, t.right, t.unsure,
               t.none, t.wrong, t.confidently_wrong, t.unseen);
}

}  // namespace
}  // namespace assay::tests
