// A mutation test of the audit: what it finds of the plausible wrong implementations that the golden files
// tell from right ones, by searching alone.
#include <gtest/gtest.h>

#include <set>

#include "tests/claims/answers.hpp"
#include "tests/witnesses/mutants/mutants.hpp"
#include "tools/audit/schedule.hpp"
#include "tools/audit/strand.hpp"
#include "tools/judge/judge.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::tests {
namespace {

constexpr int rounds = 4;  // strands of each cell at most

/// What the arithmetic of the dtype loses by itself is not the fault's doing.
bool textbook_fails(const mutants::Mutant& mutant, const Case& c) {
  if (!mutant.formula) return false;
  const reference::Truth truth = reference::certify(c);
  return judge(c, truth, {}, textbook::evaluate(*textbook::find(mutant.loss), complete(c))).grade >
         Grade::stable;
}

bool is_found(const mutants::Mutant& mutant, const audit::StrandResult& result) {
  if (result.silence) return true;
  for (const audit::Worst& each : result.worst)
    if (!each.conforms && !textbook_fails(mutant, each.question)) return true;
  return result.trials && !result.trials->why.empty() && !mutant.formula;
}

/// The cell in which it is found first, and by how many cases; "" where it is not.
std::string finder(const mutants::Mutant& mutant) {
  const auto testee = in_process_testee(everything({"mutant", "1", "c++"}),
                                        [&](const Case& c) { return mutant.answer(complete(c)); });
  const audit::Rules rules{.batch = {.elements = 16, .rows = 6}, .each_makes_simple = false};
  const std::vector<audit::Cell> cells = audit::cells(testee->handshake(), select({mutant.loss}, {}), {});
  std::int64_t asked = 0;
  for (std::size_t number = 0; number < rounds * cells.size(); ++number) {
    audit::StrandPlan plan = audit::strand_plan(number, cells, std::int64_t{64} * 1'000'000, 11);
    plan.cases = 64;
    const auto strand = audit::strand_of(plan, rules, testee->handshake());
    testee->ask(*strand);
    const audit::StrandResult result = audit::result_of(plan, *strand);
    asked += result.asked;
    if (is_found(mutant, result)) return fmt::format("{} after {} cases", result.cell, asked);
  }
  return "";
}

class AuditedMutants : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Of, AuditedMutants, testing::ValuesIn([] {
                           std::vector<std::string> out;
                           for (const Record& each : catalogue()) out.emplace_back(each.name);
                           return out;
                         }()),
                         [](const auto& each) { return each.param; });

// The wrong formulas; faults that any loss may have are as many again eight times, and are found alike.
TEST_P(AuditedMutants, AreFound) {
  std::size_t found = 0, count = 0;
  for (const mutants::Mutant& each : mutants::wrong_formulas()) {
    if (each.loss != GetParam()) continue;
    const std::string by = finder(each);
    EXPECT_NE(by, "") << each.loss << ": " << each.fault;
    found += by.empty() ? 0 : 1;
    ++count;
    fmt::print("{}: {}: {}\n", each.loss, each.fault, by.empty() ? "not found" : by);
  }
  RecordProperty("found", fmt::format("{} of {}", found, count));
}

TEST(AuditedKernels, AreNoMutants) {
  for (const char* loss : {"softplus", "huber", "softmax", "mse"})
    EXPECT_EQ(finder({loss, "none", kernel_answer}), "") << loss;
}

}  // namespace
}  // namespace assay::tests
