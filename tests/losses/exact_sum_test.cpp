// The exact sum: against sums that can be told without it.
#include "losses/numbers/exact_sum.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace assay::tests {
namespace {

constexpr double largest = std::numeric_limits<double>::max(), least = 0x1p-1074;

ExactSum of(const std::vector<double>& numbers) {
  ExactSum sum;
  for (const double each : numbers) sum.add(each);
  return sum;
}
double rounded(const std::vector<double>& numbers) { return narrow<double>(of(numbers).total<Quad>()); }

TEST(ExactSum, OfNothingIsZero) {
  EXPECT_EQ(of({}).total<double>(), 0);
  EXPECT_EQ(rounded({}), 0);
  EXPECT_EQ(rounded({-0., 0}), 0);
}

TEST(ExactSum, KeepsWhatCancellationLeaves) {
  EXPECT_EQ(rounded({largest, least, -largest}), least);
  EXPECT_EQ(rounded({largest, -least, -largest}), -least);
  EXPECT_EQ(rounded({largest, largest, 3, -largest, -largest}), 3);
  EXPECT_EQ(rounded({-largest, -largest, -.5, largest, largest}), -.5);
  EXPECT_EQ(rounded({0x1p100, 1, -0x1p100, 0x1p-100, -1}), 0x1p-100);
  EXPECT_EQ(of({0x1p100, 1, -0x1p100}).total<double>(), 1);
}

TEST(ExactSum, GoesBeyondTheRangeOfItsTerms) {
  const Quad sum = of({largest, largest, largest}).total<Quad>();
  EXPECT_TRUE(sum == Quad(3) * Quad(largest));
}

TEST(ExactSum, HasMoreDigitsThanADouble) {
  EXPECT_TRUE(of({1, 0x1p-80}).total<Quad>() == Quad(1) + Quad(0x1p-80));
  EXPECT_TRUE(of({-1, -0x1p-80}).total<Quad>() == Quad(-1) - Quad(0x1p-80));
}

TEST(ExactSum, PassesOnWhatIsNoNumber) {
  EXPECT_TRUE(std::isnan(rounded({1, std::numeric_limits<double>::quiet_NaN(), 2})));
  EXPECT_EQ(rounded({1, std::numeric_limits<double>::infinity()}), std::numeric_limits<double>::infinity());
}

RC_GTEST_PROP(ExactSum, TakesBackWhatItWasGivenInAnyOrder, (const std::vector<std::int64_t>& bits)) {
  std::vector<double> numbers{1.25};
  for (const std::int64_t each : bits) {
    const double x = std::ldexp(static_cast<double>(each), static_cast<int>(each % 900));
    numbers.push_back(x);
    numbers.insert(numbers.begin(), -x);
  }
  RC_ASSERT(rounded(numbers) == 1.25);
}

TEST(ExactSum, CountsAMillionTermsExactly) {
  ExactSum sum;
  for (int i = 0; i < 1'000'000; ++i) sum.add(i % 2 == 0 ? 0x1.fffffffffffffp10 : -0x1p10);
  EXPECT_EQ(narrow<double>(sum.total<Quad>()), 500'000 * (0x1.fffffffffffffp10 - 0x1p10));
}

}  // namespace
}  // namespace assay::tests
