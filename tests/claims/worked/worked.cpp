#include "tests/claims/worked/worked.hpp"

#include "tools/kernels/kernel_testee.hpp"

namespace assay::tests {
namespace {

void expect(const Worked& w, const Case& c, const Answer& a, const char* who) {
  ASSERT_EQ(a.outcome, Answer::Outcome::answered) << a.reason;
  ASSERT_EQ(a.value.real.size(), w.value.size()) << who;
  for (std::size_t i = 0; i < w.value.size(); ++i)
    EXPECT_NEAR(a.value.real[i], w.value[i], w.tolerance * 1.01) << who << ": " << w.source;
  if (w.gradient.empty()) return;
  const Tensor& g = a.gradient.at(c.wrt.front());
  ASSERT_EQ(g.real.size(), w.gradient.size()) << who;
  for (std::size_t i = 0; i < w.gradient.size(); ++i)
    EXPECT_NEAR(g.real[i], w.gradient[i], w.tolerance * 1.01) << who << ": " << w.source;
}

TEST_P(WorkedValue, ComesBack) {
  const Worked& w = GetParam();
  const Case c = case_from_json(parse_json(w.question));
  ASSERT_EQ(why_invalid(c).value_or(""), "");
  expect(w, c, certified_answer(c), "reference");
  expect(w, c, kernel_answer(c), "kernel");
}

}  // namespace
}  // namespace assay::tests
