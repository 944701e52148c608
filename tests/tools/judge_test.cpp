// The verdict of the contract's section 7: every grade from both sides of its bound, and the numbers at the
// ends of a dtype.
#include "tools/judge/judge.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/tools/printed_grade.hpp"

namespace assay {
namespace {

using reference::Component;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double least32 = 0x1p-149, least64 = 0x1p-1074;
constexpr double most32 = 0x1.fffffep127, most64 = 0x1.fffffffffffffp1023;

Component exact(double v) {
  Component c;
  c.rounded = c.lower = c.upper = v;
  return c;
}
Component with_digits(double rounded, std::string digits) {
  Component c = exact(rounded);
  c.digits = std::move(digits);
  return c;
}
Component with_offset(double rounded, double offset) {
  Component c = exact(rounded);
  c.offset = offset;
  return c;
}
Component at_kink(double lower, double rounded, double upper) {
  Component c = exact(rounded);
  c.lower = lower;
  c.upper = upper;
  return c;
}

Grade grade(double answer, const Component& truth, Dtype dtype = Dtype::f32) {
  return judge(answer, truth, dtype).grade;
}
double ulps(double answer, const Component& truth, Dtype dtype = Dtype::f32) {
  return judge(answer, truth, dtype).ulps;
}
/// 1 + k ulp in f32.
double one_plus(double k) { return 1 + k * 0x1p-23; }

TEST(Judge, MeasuresAgainstTheUnroundedTruth) {
  const Component third = with_digits(0x1.555556p-2, "0.3333333333333333333333333333333333333333");
  EXPECT_NEAR(ulps(0x1.555556p-2, third), 1. / 3, 1e-12);
  EXPECT_NEAR(ulps(0x1.555554p-2, third), 2. / 3, 1e-12);
  EXPECT_NEAR(ulps(0x1.555558p-2, third), 4. / 3, 1e-12);
}

TEST(Judge, TheRoundedNumberIsCorrectAndTheOtherNeighbourFaithful) {
  const Component third = with_digits(0x1.555556p-2, "0.3333333333333333333333333333333333333333");
  EXPECT_EQ(grade(0x1.555556p-2, third), Grade::correctly_rounded);
  EXPECT_EQ(grade(0x1.555554p-2, third), Grade::faithful);
  EXPECT_EQ(grade(0x1.555558p-2, third), Grade::tight) << "it is no neighbour of 1/3";
  EXPECT_EQ(grade(0x1.555552p-2, third), Grade::tight);
}

TEST(Judge, AMachineNumberHasNoFaithfulNeighbour) {
  EXPECT_EQ(grade(one_plus(1), exact(1)), Grade::tight);
  EXPECT_EQ(grade(one_plus(1), with_digits(1, "1")), Grade::tight);
  EXPECT_EQ(grade(one_plus(-.5), with_digits(1, "1")), Grade::tight);
}

TEST(Judge, AMachineNumberOfMoreThanFortyDigitsIsRecognised) {
  // 2^-100 has 70 significant digits; its first 40 round it upwards or downwards, to neither neighbour.
  const Component c = with_digits(0x1p-100, "7.888609052210118054117285652827862296732e-31");
  EXPECT_EQ(ulps(0x1p-100, c), 0);
  EXPECT_EQ(grade(std::nextafterf(0x1p-100F, 1), c), Grade::tight);
}

TEST(Judge, TightEndsAtFourUlp) {
  EXPECT_EQ(grade(one_plus(4), exact(1)), Grade::tight);
  EXPECT_EQ(grade(one_plus(5), exact(1)), Grade::stable);
  EXPECT_EQ(ulps(one_plus(5), exact(1)), 5);
  EXPECT_EQ(grade(1.5 + 4 * 0x1p-23, with_offset(1.5, -.25)), Grade::stable) << "4.25 ulp";
  EXPECT_EQ(grade(1.5 + 4 * 0x1p-23, with_offset(1.5, .25)), Grade::tight) << "3.75 ulp";
}

TEST(Judge, StableEndsAtEightUlpWhereASingleNumberArrives) {
  EXPECT_EQ(grade(one_plus(8), exact(1)), Grade::stable);
  EXPECT_EQ(grade(one_plus(9), exact(1)), Grade::inaccurate);
}

TEST(Judge, TheBoundGrowsByTwoUlpForEachDoublingOfN) {
  for (const auto& [n, bound] : {std::pair{2, 10}, {3, 12}, {4, 12}, {5, 14}, {1024, 28}, {1025, 30}}) {
    Component c = exact(1);
    c.input_count = n;
    EXPECT_EQ(grade(one_plus(bound), c), Grade::stable) << n;
    EXPECT_EQ(grade(one_plus(bound + 1), c), Grade::inaccurate) << n;
  }
}

TEST(Judge, StableGrowsWithTheSensitivity) {
  Component c = exact(1);
  c.sensitivity = 64;  // u A = 32 ulp of 1 and above
  EXPECT_EQ(grade(one_plus(256), c), Grade::stable);
  EXPECT_EQ(grade(one_plus(257), c), Grade::inaccurate);
  EXPECT_EQ(grade(one_plus(-256), c), Grade::stable);
  EXPECT_EQ(grade(one_plus(-256.5), c), Grade::inaccurate);
}

TEST(Judge, AbsoluteIsMeasuredAtTheScale) {
  Component c = exact(0x1p-10);
  c.scale = 1;
  EXPECT_EQ(grade(0x1p-10 + 8 * 0x1p-23, c), Grade::absolute);
  EXPECT_EQ(grade(0x1p-10 + 9 * 0x1p-23, c), Grade::inaccurate);
  EXPECT_EQ(grade(0, exact(0x1p-10)), Grade::wrong);
  c.rounded = c.lower = c.upper = 0x1p-23;
  EXPECT_EQ(grade(0, c), Grade::absolute) << "a tail that vanished beside the scale";
  EXPECT_EQ(grade(-0x1p-23, c), Grade::absolute);
}

TEST(Judge, InaccurateHasTheRightSignAndIsWithinAFactorOfTwo) {
  EXPECT_EQ(grade(2, exact(1)), Grade::inaccurate);
  EXPECT_EQ(grade(2 + 0x1p-22, exact(1)), Grade::wrong);
  EXPECT_EQ(grade(.5, exact(1)), Grade::inaccurate);
  EXPECT_EQ(grade(.5 - 0x1p-25, exact(1)), Grade::wrong);
  EXPECT_EQ(grade(-1, exact(1)), Grade::wrong);
  EXPECT_EQ(grade(-1.5, exact(-1)), Grade::inaccurate);
}

TEST(Judge, ZerosAndNaNsAreEqual) {
  EXPECT_EQ(grade(-0., exact(0)), Grade::correctly_rounded);
  EXPECT_EQ(grade(0, exact(-0.)), Grade::correctly_rounded);
  EXPECT_EQ(grade(nan, exact(nan)), Grade::correctly_rounded);
  EXPECT_EQ(grade(-nan, exact(nan)), Grade::correctly_rounded);
  EXPECT_EQ(grade(nan, exact(0)), Grade::wrong);
  EXPECT_EQ(grade(0, exact(nan)), Grade::wrong);
  EXPECT_EQ(ulps(0, exact(nan)), infinity);
  EXPECT_EQ(grade(nan, at_kink(-1, 0, 1)), Grade::wrong);
}

TEST(Judge, NearZeroTheUnitIsTheSmallestSubnormal) {
  EXPECT_EQ(ulps(3 * least32, exact(0)), 3);
  EXPECT_EQ(grade(4 * least32, exact(0)), Grade::tight);
  EXPECT_EQ(grade(-5 * least32, exact(0)), Grade::stable);
  EXPECT_EQ(grade(9 * least32, exact(0)), Grade::wrong);
  EXPECT_EQ(ulps(3 * least64, exact(0), Dtype::f64), 3);
  EXPECT_EQ(grade(9 * least64, exact(0), Dtype::f64), Grade::wrong);
}

TEST(Judge, SubnormalTruthsKeepTheirDigits) {
  // A third of the least subnormal rounds to 0; its other neighbour is faithful.
  const Component c = with_digits(0, "4.67e-46");
  EXPECT_NEAR(ulps(0, c), 1. / 3, 1e-3);
  EXPECT_EQ(grade(0, c), Grade::correctly_rounded);
  EXPECT_EQ(grade(least32, c), Grade::faithful);
  EXPECT_EQ(grade(-least32, c), Grade::tight);
  EXPECT_EQ(grade(0, with_digits(0, "1e-999999999999999999999")), Grade::correctly_rounded);
  EXPECT_EQ(grade(least32, with_digits(0, "1e-999999999999999999999")), Grade::faithful);
}

TEST(Judge, AnInfinityIsRightWhereTheTruthRoundsToIt) {
  EXPECT_EQ(grade(infinity, exact(infinity)), Grade::correctly_rounded);
  EXPECT_EQ(grade(-infinity, exact(infinity)), Grade::wrong);
  EXPECT_EQ(grade(most32, exact(infinity)), Grade::wrong);
  EXPECT_EQ(grade(most32, with_digits(infinity, "Infinity")), Grade::wrong);
  const Component beyond = with_digits(infinity, "1e39");
  EXPECT_EQ(grade(infinity, beyond), Grade::correctly_rounded);
  EXPECT_EQ(ulps(infinity, beyond), 0);
  EXPECT_EQ(grade(most32, beyond), Grade::wrong);
  EXPECT_EQ(grade(infinity, with_digits(infinity, "2.5e43429448190325182765112891891660508229439700580")),
            Grade::correctly_rounded);
}

TEST(Judge, TheUnitContinuesPastOverflow) {
  // 2^128 - 2^102 lies a quarter of a unit beyond the greatest number's upper neighbour-to-be.
  const Component c = with_digits(infinity, "340282361850336062550457001444955389952");
  EXPECT_EQ(grade(infinity, c), Grade::correctly_rounded);
  EXPECT_EQ(grade(most32, c), Grade::faithful);
  EXPECT_NEAR(ulps(most32, c), .75, 1e-9);
  // 2^128 itself: the greatest number is no neighbour, but half of the unit there away.
  const Component d = with_digits(infinity, "340282366920938463463374607431768211456");
  EXPECT_EQ(grade(most32, d), Grade::tight);
  EXPECT_NEAR(ulps(most32, d), .5, 1e-9);
  // Four and a half units further.
  const Component e = with_digits(infinity, "340282549462624896328408422957029785600");
  EXPECT_EQ(grade(most32, e), Grade::stable);
  EXPECT_NEAR(ulps(most32, e), 5, 1e-9);
}

TEST(Judge, AnInfinityIsStableWhereTheBoundReachesOverflow) {
  const double near = most32 - 0x1p104 * 7;  // the threshold lies 7.5 units above
  EXPECT_EQ(grade(infinity, exact(near)), Grade::stable);
  EXPECT_EQ(grade(infinity, exact(near - 0x1p104)), Grade::wrong);
  EXPECT_EQ(grade(-infinity, exact(-near)), Grade::stable);
  EXPECT_EQ(grade(-infinity, exact(near)), Grade::wrong);
  const double rounded =
      most32 - 0x1p105 * 4;  // of the numbers exactly 8 units below the threshold, and just below
  EXPECT_EQ(grade(infinity, with_digits(rounded, "340282194520456832424176003880132280320")), Grade::stable);
  EXPECT_EQ(grade(infinity, with_digits(rounded, "340282194520456832424176003880132280319")), Grade::wrong);
  const Component below = with_digits(most32, "3.402823466e38");
  EXPECT_EQ(grade(infinity, below), Grade::stable) << "the truth lies below the greatest number";
  const Component above = with_digits(most32, "3.4028235e38");
  EXPECT_EQ(grade(infinity, above), Grade::faithful);
}

TEST(Judge, OffsetsSayWhatDigitsSay) {
  const double third = 0x1.555556p-2;
  const Component digits = with_digits(third, "0.3333333333333333333333333333333333333333");
  const Component offset = with_offset(third, -.3333);
  for (const double answer : {third, 0x1.555554p-2, 0x1.555558p-2, 0x1.555570p-2, 0., 1.}) {
    EXPECT_EQ(grade(answer, digits), grade(answer, offset)) << answer;
    EXPECT_NEAR(ulps(answer, digits), ulps(answer, offset), 1e-4) << answer;
  }
}

TEST(Judge, BelowAPowerOfTwoAnOffsetCountsTheSmallerUnit) {
  EXPECT_NEAR(ulps(1, with_offset(1, -.5)), .5, 1e-12);
  EXPECT_NEAR(ulps(one_plus(-.5), with_offset(1, -.5)), .5, 1e-12);
  EXPECT_NEAR(ulps(one_plus(1), with_offset(1, .5)), .5, 1e-12);
  EXPECT_NEAR(ulps(-one_plus(-.5), with_offset(-1, .5)), .5, 1e-12);
  EXPECT_EQ(grade(one_plus(-.5), with_offset(1, -.25)), Grade::faithful);
  EXPECT_EQ(grade(one_plus(1), with_offset(1, -.25)), Grade::tight);
}

TEST(Judge, AnyNumberOfTheHullIsRightAtAKink) {
  const Component c = at_kink(-1, 0, 1);
  for (const double answer : {-1., -.3, 0., .7, 1.}) EXPECT_EQ(ulps(answer, c), 0) << answer;
  EXPECT_EQ(grade(.7, c), Grade::correctly_rounded);
  EXPECT_EQ(grade(one_plus(3), c), Grade::tight);
  EXPECT_EQ(ulps(one_plus(3), c), 3) << "from the nearer end";
  EXPECT_EQ(ulps(-one_plus(7), c), 7);
  EXPECT_EQ(grade(2.5, c), Grade::wrong);
  EXPECT_EQ(grade(-infinity, c), Grade::wrong);
}

TEST(Judge, WhatIsNotCheckedMayBeAnything) {
  Component c = exact(nan);
  c.checked = false;
  for (const double answer : {nan, infinity, -3., 0.}) EXPECT_EQ(grade(answer, c), Grade::correctly_rounded);
}

TEST(Judge, ASensitivityBeyondDoubleIsStillABound) {
  Component c = exact(most64);
  c.sensitivity = infinity;
  EXPECT_EQ(grade(most64 / 4, c, Dtype::f64), Grade::wrong);
  EXPECT_EQ(grade(most64 * (1 - 0x1p-46), c, Dtype::f64), Grade::stable);
  c.sensitivity = nan;
  EXPECT_EQ(grade(most64 * (1 - 0x1p-46), c, Dtype::f64), Grade::inaccurate);
}

TEST(Grades, AreReadAsTheyAreWritten) {
  for (int i = 0; i <= static_cast<int>(Grade::wrong); ++i) {
    const auto g = static_cast<Grade>(i);
    EXPECT_EQ(grade_named(name(g)), g);
  }
  EXPECT_EQ(grade_named("correctly-rounded"), Grade::correctly_rounded);
  EXPECT_EQ(grade_named("correctly_rounded"), Grade::correctly_rounded);
  EXPECT_FALSE(grade_named("good"));
}

// e^(3e38) has more digits before the point than anyone writes down; what is written in their place must not
// make 0 or the largest number a good answer.
TEST(Judge, AnOverflowBeyondAllDecimalsIsAnInfinity) {
  Case c;
  c.loss = "exponential";
  c.dtype = Dtype::f32;
  c.reduction = Reduction::none;
  c.inputs["score"] = {.shape = {1}, .real = {0x1p127}, .integer = {}};
  c.inputs["target"] = {.shape = {1}, .real = {-1}, .integer = {}};
  const Component truth = reference::certify(c).value.components.front();
  EXPECT_EQ(truth.digits, "Infinity");
  EXPECT_EQ(judge(infinity, truth, Dtype::f32).grade, Grade::correctly_rounded);
  EXPECT_EQ(judge(0, truth, Dtype::f32).grade, Grade::wrong);
  EXPECT_EQ(judge(most32, truth, Dtype::f32).grade, Grade::wrong);
}

}  // namespace
}  // namespace assay
