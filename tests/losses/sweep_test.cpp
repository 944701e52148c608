// f32 losses of one number, at a million numbers each from all over the floats. exhaustive/ takes all 2^32.
#include "reference/truth/sweep.hpp"

#include <gtest/gtest.h>

#include "tests/losses/swept_losses.hpp"
#include "tools/audit/sweep_tally.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::tests {
namespace {

using audit::SweepPlan;
using audit::SweepTally;

class Sweep : public testing::TestWithParam<SweepPlan> {};
INSTANTIATE_TEST_SUITE_P(Of, Sweep, testing::ValuesIn(swept_losses()),
                         [](const auto& each) { return test_name(each.param); });

TEST_P(Sweep, FindsFloatsCorrectlyRoundedButForAFew) {
  const SweepPlan& plan = GetParam();
  reference::Sweep sweep(plan.one, plan.swept);
  SweepTally value, gradient;
  std::vector<double> x;
  for (std::uint64_t start = 0; start < (std::uint64_t{1} << 32); start += 4096 * reference::Sweep::most) {
    audit::numbers_of(plan, start, start + reference::Sweep::most - 1, x);
    if (x.empty()) continue;
    Case question = plan.one;
    for (auto& [input, tensor] : question.inputs)
      tensor = Tensor{{static_cast<std::int64_t>(x.size())},
                      std::vector<double>(x.size(), tensor.real.front()),
                      {},
                      false};
    question.inputs.at(plan.swept).real = x;
    const Answer answer = kernel_answer(question);
    ASSERT_EQ(answer.outcome, Answer::Outcome::answered) << answer.reason;
    sweep.evaluate(x);
    audit::count(value, sweep, false, Dtype::f32, x, answer.value.real);
    audit::count(gradient, sweep, true, Dtype::f32, x, answer.gradient.at(plan.swept).real);
  }
  for (const SweepTally* tally : {&value, &gradient}) {
    EXPECT_GT(tally->inputs, 250'000u);
    EXPECT_EQ(tally->beyond, 0u);
    EXPECT_GE(static_cast<double>(tally->correctly_rounded), .9998 * static_cast<double>(tally->inputs));
    for (const auto& [binade, worst] : tally->worst)
      EXPECT_LE(worst.error * 0x1p-20, .501)
          << plan.text() << (tally == &value ? " value" : " gradient") << std::hexfloat << " at "
          << from_pattern(Dtype::f32, worst.pattern);
  }
  EXPECT_EQ(sweep.undecided(), 0u);
}

}  // namespace
}  // namespace assay::tests
