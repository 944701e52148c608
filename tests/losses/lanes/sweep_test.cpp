// f32 losses of one number, at a million numbers each from all over the floats. tests/exhaustive/ takes all
// 2^32.
#include "tests/losses/lanes/sweep.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>

namespace assay::tests {
namespace {

class Sweep : public testing::TestWithParam<Unary> {};
INSTANTIATE_TEST_SUITE_P(Of, Sweep, testing::ValuesIn(unaries().begin(), unaries().end()),
                         [](const auto& each) { return each.param.name; });

TEST_P(Sweep, FindsFloatsCorrectlyRoundedButForAFew) {
  const Swept found = sweep(GetParam(), 4093);
  RecordProperty("found", found.text(GetParam().name));
  EXPECT_EQ(found.wrong, 0u) << found.text(GetParam().name);
  EXPECT_LE(found.worst, .501) << found.text(GetParam().name);
  EXPECT_GE(found.share(), GetParam().share) << found.text(GetParam().name);
}

TEST_P(Sweep, JudgesByAnOracleThatArbAgreesWith) {
  double worst = 0;
  for (std::uint64_t bits = GetParam().first; bits <= GetParam().last; bits += 1000003) {
    const float x = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    if (std::fabs(x) < 100) worst = std::fmax(worst, oracle_error(GetParam(), x));
  }
  EXPECT_LE(worst, 1) << GetParam().name;
  RecordProperty("worst", std::to_string(worst));
}

}  // namespace
}  // namespace assay::tests
