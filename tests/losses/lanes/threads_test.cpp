// "The same bits whatever the number of threads": a Call's `threads` changes nothing but the time that it
// takes.
#include <gtest/gtest.h>

#include "tests/losses/lanes/subject.hpp"

namespace assay::tests {
namespace {

class AnyNumberOfThreads : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(Of, AnyNumberOfThreads, testing::Range<std::size_t>(0, subjects().size()),
                         [](const auto& each) { return name(*subjects()[each.param]); });

TEST_P(AnyNumberOfThreads, GivesTheSameBits) {
  Subject& subject = *subjects()[GetParam()];
  std::vector<Question> shapes{{.rows = 2 * 65536 + 17}};  // segments of 65536, and a last one that is short
  if (subject.loss->kind == Kind::row_wise)
    shapes = {{.rows = 7001, .width = 10}, {.rows = 3, .width = 20001}};
  if (subject.lists_labels()) shapes = {{.rows = 7001, .width = 10}, {.rows = 3, .width = 1001}};
  if (subject.meets_all()) shapes = {{.rows = 67, .width = 10}, {.rows = 3, .width = 67}};
  for (const Question& shape : shapes) {
    for (const Question& question : questions(subject, shape, 2, 5)) {
      subject.prepare(question);
      const Answer expected = subject.ask(0, 1);
      for (const int threads : {2, 3, 8}) {
        const Answer answer = subject.ask(0, threads);
        ASSERT_EQ(answer.damage, "") << question.text() << ", " << threads << " threads";
        ASSERT_EQ(expected.difference(answer), "") << question.text() << ", 1 thread and " << threads;
      }
    }
  }
}

}  // namespace
}  // namespace assay::tests
