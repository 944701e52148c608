// The confusion table of mechanisms over the mutants: what is wrong with each is known, and has to be found
// from its answers alone.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/witnesses/mutants/kinds.hpp"
#include "tools/cases/case_source.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/mechanisms/diagnosis.hpp"
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
  for (const AnnotatedCase& each : systematic_cases(record, dtype, 1))
    if (!each.error) add(each.question);
  for (std::int64_t i = 0; i < 40; ++i) add(random_case(record, dtype, 7, i).question);
  return out;
}

/// What the reference says of them, once.
const reference::Truth& truth(const Case& c) {
  static std::map<const Case*, reference::Truth> known;
  const auto found = known.find(&c);
  return found != known.end() ? found->second
                              : known.emplace(&c, reference::certify(c, {.digits = false})).first->second;
}

struct Witness {
  Case question;
  Answer answer;
};
/// Whether a sound implementation of the kind loses as much there: then it is no doing of the fault.
bool lost_by_the_dtype(const mutants::Mutant& mutant, const Case& c, const reference::Truth& exact,
                       const mechanisms::Part& part) {
  const textbook::Formula* sound = mutant.formula ? textbook::find(mutant.loss) : nullptr;
  if (!sound) return false;
  Answer answer = textbook::evaluate(*sound, c);
  return mechanisms::wrong({c, std::move(answer), exact}, part);
}

/// Ordinary numbers alone, as an audit would rather show.
bool all_finite(const Case& c) {
  for (const auto& [name, tensor] : c.inputs)
    for (const double x : tensor.real)
      if (!std::isfinite(x) || std::abs(x) > 1e6 || (x != 0 && std::abs(x) < 1e-6)) return false;
  return true;
}

/// The first case that the mutant answers wrongly while the kernels do not.
std::optional<Witness> witness(const mutants::Mutant& mutant, const Record& record, bool ordinary) {
  for (const Dtype dtype : dtypes)
    for (const Case& c : questions(record, dtype)) {
      if (ordinary && !all_finite(c)) continue;
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
        if (mechanisms::wrong(seen, part) && !lost_by_the_dtype(mutant, c, exact, part))
          return Witness{c, answer};
    }
  return std::nullopt;
}

/// Losses that stand for all element-wise ones, whose sums are the same code.
const std::set<std::string_view> shows_long_inputs{"mse", "softplus"};
/// 3,073 equal elements, more than a block and no multiple of one, of numbers with a full significand.
std::optional<Witness> long_witness(const mutants::Mutant& mutant, const Record& record) {
  CaseBuilder builder(record, Dtype::f32, 3, "long");
  builder.rows(3073).fill().reduce(Reduction::sum).wrt({});
  for (const Input& input : record.inputs) {
    std::vector<double>& all = builder.tensor(input).real;
    std::fill(all.begin(), all.end(), all.front());
  }
  const Case c = complete(builder.question);
  const auto seen = mechanisms::observed(c, mutant.answer(c));
  if (!seen || !mechanisms::wrong(*seen, "")) return std::nullopt;
  return Witness{c, seen->answer};
}

std::optional<Diagnosis> diagnosed(const Witness& w, const std::function<Answer(const Case&)>& answer) {
  const auto testee = in_process_testee(everything({"mutant", "1", "c++"}), answer);
  mechanisms::Diagnosing diagnosing(w.question, w.answer, &testee->handshake(), 1);
  testee->ask(diagnosing);
  return diagnosing.diagnosis();
}

/// How the mutants of one kind were diagnosed.
struct Tally {
  int named = 0, surely_named = 0, nothing = 0, misnamed = 0, surely_misnamed = 0, no_witness = 0;

  void add(const Tally& other) {
    named += other.named;
    surely_named += other.surely_named;
    nothing += other.nothing;
    misnamed += other.misnamed;
    surely_misnamed += other.surely_misnamed;
    no_witness += other.no_witness;
  }
  [[nodiscard]] int diagnosed() const { return named + nothing + misnamed; }
};

Tally tally(const std::set<std::string>& kinds, const std::optional<Diagnosis>& d) {
  Tally out;
  const bool right = d && kinds.contains(d->mechanism);
  out.named = right;
  out.surely_named = right && d->confident;
  out.nothing = !d;
  out.misnamed = d && !right;
  out.surely_misnamed = d && !right && d->confident;
  return out;
}

void print(const std::string& what, const Tally& t) {
  fmt::print(
      "{:32} named {:4} (surely {:4}) nothing {:3} misnamed {:3} (surely {:2}) without a witness {:3}\n",
      what, t.named, t.surely_named, t.nothing, t.misnamed, t.surely_misnamed, t.no_witness);
}

struct Suspect {
  mutants::Mutant mutant;
  std::set<std::string> kinds;
  bool is_long = false;
};
/// All wrong formulas whose kind the table has, and of the faults that any loss may have each third, another
/// one loss after loss: the same code makes them.
std::vector<Suspect> suspects(const Record& record, std::size_t turn) {
  std::vector<Suspect> out;
  const auto add = [&](mutants::Mutant each, bool is_long) {
    std::set<std::string> kinds = mutants::kinds(each);
    if (!kinds.empty()) out.push_back({std::move(each), std::move(kinds), is_long});
  };
  std::vector<mutants::Mutant> general = mutants::of_any_loss(record);
  for (std::size_t i = turn % 3; i < general.size(); i += 3) add(std::move(general[i]), false);
  for (mutants::Mutant& each : mutants::wrong_formulas())
    if (each.loss == record.name) add(std::move(each), false);
  if (shows_long_inputs.contains(record.name))
    for (mutants::Mutant& each : mutants::of_long_inputs(record)) add(std::move(each), true);
  return out;
}

TEST(Mechanisms, AreNamedFromTheAnswersOfMutants) {
  std::map<std::string, Tally> table;
  Tally all;
  std::size_t turn = 0;
  for (const Record& record : catalogue())
    for (const Suspect& each : suspects(record, turn++)) {
      std::optional<Witness> w =
          each.is_long ? long_witness(each.mutant, record) : witness(each.mutant, record, true);
      if (!w && !each.is_long) w = witness(each.mutant, record, false);
      Tally one;
      one.no_witness = !w;
      if (w) {
        const std::optional<Diagnosis> d = diagnosed(*w, each.mutant.answer);
        one = tally(each.kinds, d);
        if (one.named == 0)
          fmt::print("{}: {}: not {}: {}{}\n", record.name, each.mutant.fault, *each.kinds.begin(),
                     d ? d->mechanism : "nothing",
                     d ? fmt::format(": {}; {}", d->sentence, d->evidence) : "");
      }
      table[*each.kinds.begin()].add(one);
      all.add(one);
    }
  for (const auto& [kind, t] : table) print(kind, t);
  print("all", all);
  RecordProperty("diagnosed", all.diagnosed());
  RecordProperty("named", all.named);
  RecordProperty("surely_misnamed", all.surely_misnamed);
  EXPECT_GE(all.diagnosed(), 400);
  EXPECT_GE(10 * all.named, 9 * all.diagnosed());
  EXPECT_EQ(all.surely_misnamed, 0);
}

/// Where nothing is wrong there is nothing to explain.
TEST(Mechanisms, AreNoneOfRightAnswers) {
  int spared = 0;
  for (const Record& record : catalogue()) {
    const Case& c = questions(record, Dtype::f32).front();
    EXPECT_FALSE(diagnosed({c, kernel_answer(c)}, kernel_answer)) << record.name;
    const textbook::Formula* sound = textbook::find(record.name);
    if (!sound) continue;
    const auto by_the_book = [&](const Case& asked) { return textbook::evaluate(*sound, complete(asked)); };
    const auto seen = mechanisms::observed(c, by_the_book(c));
    if (!seen) continue;
    // A textbook loses the digits of a small result now and then; then there is something to explain.
    const bool right = std::ranges::none_of(
        mechanisms::parts(c), [&](const mechanisms::Part& part) { return mechanisms::wrong(*seen, part); });
    if (!right) continue;
    ++spared;
    EXPECT_FALSE(diagnosed({c, by_the_book(c)}, by_the_book)) << record.name << " by the textbook";
  }
  EXPECT_GE(spared, 40);
}

}  // namespace
}  // namespace assay::tests
