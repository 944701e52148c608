// A mutation test of the golden files: they have to kill every mutant, a plausible wrong implementation of a
// loss. One that survives is a case that is missing.
#include "tests/witnesses/mutants/mutants.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "tests/claims/answers.hpp"
#include "tools/golden/golden_folder.hpp"
#include "tools/judge/judge.hpp"
#include "tools/kernels/kernel_testee.hpp"

namespace assay::tests {
namespace {

bool conforms(const Answer& answer, const GoldenCase& golden) {
  return answer.outcome == Answer::Outcome::answered &&
         judge(golden.question, golden.truth, golden.conventions, answer).grade <= Grade::stable;
}

/// The first case, in either dtype's file, that tells the mutant from a right implementation; "" where none
/// does.
std::string killer(const mutants::Mutant& mutant, const std::vector<const GoldenFile*>& files) {
  for (const GoldenFile* file : files)
    for (const GoldenCase& each : file->cases) {
      if (each.error || conforms(mutant.answer(complete(each.question)), each)) continue;
      // What the arithmetic of the dtype loses by itself is not the fault's doing.
      if (mutant.formula &&
          !conforms(textbook::evaluate(*textbook::find(mutant.loss), complete(each.question)), each))
        continue;
      return each.question.id + " (" + each.slug + ")";
    }
  return "";
}

const GoldenFile& golden(std::string_view loss, Dtype dtype) {
  static std::map<std::string, GoldenFile> read;
  const std::string name = golden_file_name(loss, dtype);
  const auto at = read.find(name);
  if (at != read.end()) return at->second;
  return read.emplace(name, read_golden(std::filesystem::path(ASSAY_SOURCE_DIR) / "golden/v1" / name))
      .first->second;
}

/// Faults that no case can show. A score of multilabel_margin only ever meets the margin 1: what a subnormal
/// one adds is below the rounding of the other score, which conditioning excuses.
const std::set<std::string> invisible{"multilabel_margin: subnormal score flushed to 0"};

class Mutants : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Of, Mutants, testing::ValuesIn([] {
                           std::vector<std::string> out;
                           for (const Record& each : catalogue()) out.emplace_back(each.name);
                           return out;
                         }()),
                         [](const auto& each) { return each.param; });

TEST_P(Mutants, AreAllKilled) {
  const Record& record = *find(GetParam());
  std::vector<mutants::Mutant> all = mutants::of_any_loss(record);
  for (mutants::Mutant& each : mutants::wrong_formulas())
    if (each.loss == record.name) all.push_back(std::move(each));
  const std::vector<const GoldenFile*> files{&golden(record.name, Dtype::f32),
                                             &golden(record.name, Dtype::f64)};
  std::size_t killed = 0;
  for (const mutants::Mutant& each : all) {
    const std::string by = killer(each, files);
    const bool unseen = invisible.contains(std::string(record.name) + ": " + each.fault);
    EXPECT_TRUE(unseen || !by.empty()) << record.name << " survives with this fault: " << each.fault;
    EXPECT_FALSE(unseen && !by.empty())
        << record.name << ": " << each.fault << ": is killed by " << by << "; so it can be seen";
    if (by.empty()) continue;
    ++killed;
    fmt::print("{}: {}: killed by {}\n", record.name, each.fault, by);
  }
  RecordProperty("killed", std::to_string(killed));
}

TEST(MutantCorpus, NamesLossesOfTheCatalogueAndIsLarge) {
  std::size_t count = 0;
  for (const mutants::Mutant& each : mutants::wrong_formulas())
    if (find(each.loss) != nullptr) ++count;
  EXPECT_GE(count, 150u) << "wrong formulas";
}

/// A right implementation is no mutant: what kills has to spare the kernels.
TEST(MutantCorpus, SparesTheKernels) {
  for (const Record& record : catalogue()) {
    const mutants::Mutant right{std::string(record.name), "none",
                                [](const Case& c) { return kernel_answer(c); }};
    EXPECT_EQ(killer(right, {&golden(record.name, Dtype::f32), &golden(record.name, Dtype::f64)}), "")
        << record.name;
  }
}

}  // namespace
}  // namespace assay::tests
