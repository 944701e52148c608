// "Parameters are rounded to T first": a number between two of the dtype gives the bits of the nearer one.
// Compilers have been seen to drop such a rounding where two parameters are neighbours.
#include <gtest/gtest.h>

#include "tests/losses/lanes/subject.hpp"

namespace assay::tests {
namespace {

class Parameters : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Of, Parameters, testing::Range<std::size_t>(0, subjects().size()),
                         [](const auto& each) { return name(*subjects()[each.param]); });

TEST_P(Parameters, AreRoundedFirst) {
  Subject& subject = *subjects()[GetParam()];
  const Question shape =
      subject.loss->kind == Kind::row_wise ? Question{.rows = 5, .width = 7} : Question{.rows = 35};
  for (Question question : questions(subject, shape, 40, 3)) {
    if (!question.altered) continue;
    subject.prepare(question);
    const Answer given = subject.ask(0, 1);
    question.rounded = true;
    subject.prepare(question);
    ASSERT_EQ(given.difference(subject.ask(0, 1)), "") << question.text();
  }
}

}  // namespace
}  // namespace assay::tests
