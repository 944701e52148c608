// "The same bits on every target": each loss of the catalogue on each instruction set that this machine has.
#include "tests/losses/lanes/targets.hpp"

#include <gtest/gtest.h>

#include "tests/losses/lanes/subject.hpp"

namespace assay::tests {
namespace {

class EveryTarget : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Of, EveryTarget, testing::Range<std::size_t>(0, subjects().size()),
                         [](const auto& each) { return name(*subjects()[each.param]); });

TEST_P(EveryTarget, GivesTheSameBitsWhereverTheNumbersLie) {
  Subject& subject = *subjects()[GetParam()];
  const std::vector<std::int64_t> all = targets();
  std::size_t asked = 0, first = 0;
  for (const Question& shape : shapes(subject)) {
    const auto size = static_cast<std::size_t>(shape.rows * shape.width);
    const std::size_t most = size < 100 ? 20 : size < 5000 ? 3 : 1;
    for (const Question& question : questions(subject, shape, most, first += 7)) {
      subject.prepare(question);
      Answer expected;
      for (std::size_t t = 0; t < all.size(); ++t) {
        const OnTarget forced(all[t]);
        const Answer answer = subject.ask((asked + t) % 4, 1);
        ASSERT_EQ(answer.damage, "") << question.text() << " on " << hwy::TargetName(all[t]);
        if (t == 0)
          expected = answer;
        else
          ASSERT_EQ(expected.difference(answer), "")
              << question.text() << ", on " << hwy::TargetName(all[0]) << " with offset " << asked % 4
              << " and on " << hwy::TargetName(all[t]) << " with offset " << (asked + t) % 4;
      }
      ++asked;
    }
  }
  EXPECT_GE(asked, 150u);
}

}  // namespace
}  // namespace assay::tests
