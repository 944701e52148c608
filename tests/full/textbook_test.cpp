// A careful textbook implementation of each loss, in the arithmetic of its dtype alone, is sound: no golden
// case may call it worse than `absolute`.
#include "tests/textbook/textbook.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/answers.hpp"
#include "tools/cli/golden_folder.hpp"
#include "tools/cli/judge.hpp"

namespace assay::tests {
namespace {

/// What automatic differentiation makes of infinities and of NaN is not what a textbook is about.
bool is_finite(const Case& c) {
  for (const auto& [name, tensor] : c.inputs)
    for (const double x : tensor.real)
      if (!std::isfinite(x)) return false;
  return true;
}

class Textbook : public testing::TestWithParam<std::tuple<std::string, Dtype>> {};
INSTANTIATE_TEST_SUITE_P(Of, Textbook,
                         testing::Combine(testing::ValuesIn([] {
                                            std::vector<std::string> out;
                                            for (const Record& each : catalogue())
                                              out.emplace_back(each.name);
                                            return out;
                                          }()),
                                          testing::ValuesIn(both_dtypes)),
                         [](const auto& each) {
                           return std::get<0>(each.param) + "_" + std::string(name(std::get<1>(each.param)));
                         });

TEST_P(Textbook, IsAbsoluteOnEveryCase) {
  const auto& [loss, dtype] = GetParam();
  const textbook::Formula* formula = textbook::find(loss);
  ASSERT_NE(formula, nullptr) << "tests/textbook/ has no formula of " << loss;
  const GoldenFile file =
      read_golden(std::filesystem::path(ASSAY_SOURCE_DIR) / "golden/v1" / golden_file_name(loss, dtype));
  std::size_t judged = 0, flagged = 0;
  for (const GoldenCase& each : file.cases) {
    if (each.error || !is_finite(each.question)) continue;
    ++judged;
    const CaseVerdict verdict = judge(textbook::evaluate(*formula, each.question), each);
    if (verdict.grade <= Grade::absolute || ++flagged > 5) continue;
    ADD_FAILURE() << fmt::format("{} ({}) is {} at {}: {:.17g} for {:.17g}", each.question.id, each.slug,
                                 name(verdict.grade), verdict.where, verdict.got, verdict.truth.rounded)
                  << verdict.protocol;
  }
  EXPECT_EQ(flagged, 0u) << "of " << judged << " cases of " << loss << " " << name(dtype);
  EXPECT_GT(judged, 50u);
}

}  // namespace
}  // namespace assay::tests
