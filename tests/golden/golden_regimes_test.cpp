// The regimes that golden files say: each follows from its case and the truth that stands beside it.
#include <gtest/gtest.h>

#include "losses/catalogue/catalogue.hpp"
#include "tools/golden/golden_file.hpp"

namespace assay {
namespace {

class GoldenRegimes : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Of, GoldenRegimes, testing::ValuesIn([] {
                           std::vector<std::string> out;
                           for (const Record& each : catalogue()) out.emplace_back(each.name);
                           return out;
                         }()),
                         [](const auto& each) { return each.param; });

TEST_P(GoldenRegimes, FollowFromTheCaseAndItsTruth) {
  for (const Dtype dtype : dtypes) {
    const GoldenFile file = read_golden(std::filesystem::path(ASSAY_SOURCE_DIR) / "golden/v1" /
                                        golden_file_name(GetParam(), dtype));
    int everyday = 0;
    for (const GoldenCase& each : file.cases) {
      Regime found = each.error ? regime_of_inputs(each.question) : regime_of(each.question, each.truth);
      // Of many numbers a file keeps no digits, and what rounds to 0 then looks like it.
      if (found != each.regime) found = regime_of(each.question, reference::certify(each.question));
      EXPECT_EQ(name(each.regime), name(found)) << each.question.id << " (" << each.slug << ")";
      everyday += each.regime == Regime::everyday ? 1 : 0;
    }
    EXPECT_GE(everyday, 10) << file.loss << " " << name(dtype) << ": nothing where people compute";
  }
}

}  // namespace
}  // namespace assay
