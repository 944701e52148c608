// The verdict of the contract's section 7: every grade from both sides of its bound, and the numbers at the
// ends of a dtype.
#include "tools/judge/judge.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <ostream>

#include "tools/golden/golden_file.hpp"

namespace assay {

void PrintTo(Grade g, std::ostream* out) { *out << name(g); }

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

GoldenCase golden(Case question) {
  GoldenCase out;
  out.question = complete(std::move(question));
  out.truth = reference::certify(out.question);
  return out;
}

CaseVerdict judge(const GoldenCase& golden, const Answer& answer) {
  return judge(golden.question, golden.truth, golden.conventions, answer);
}

Tensor tensor(std::vector<std::int64_t> shape, std::vector<double> numbers) {
  Tensor t;
  t.shape = std::move(shape);
  t.real = std::move(numbers);
  return t;
}

Case squares(std::int64_t n) {
  Case c;
  c.loss = "mse";
  c.dtype = Dtype::f32;
  c.reduction = Reduction::sum;
  c.inputs["prediction"] = tensor({n}, std::vector<double>(static_cast<std::size_t>(n), 1));
  c.inputs["target"] = tensor({n}, std::vector<double>(static_cast<std::size_t>(n), 0));
  c.wrt = {"prediction"};
  return c;
}

Answer truthful(const GoldenCase& g) {
  Answer a;
  const auto take = [](const reference::TensorTruth& t) {
    std::vector<double> numbers;
    for (const Component& c : t.components) numbers.push_back(c.rounded);
    return tensor(t.shape, numbers);
  };
  a.value = take(g.truth.value);
  for (const auto& [name, truth] : g.truth.gradient) a.gradient[name] = take(truth);
  return a;
}

TEST(JudgeCase, TheTruthItselfIsCorrectlyRounded) {
  const GoldenCase g = golden(squares(3));
  const CaseVerdict v = judge(g, truthful(g));
  EXPECT_EQ(v.grade, Grade::correctly_rounded);
  EXPECT_EQ(v.protocol, "");
}

TEST(JudgeCase, TheWorstComponentIsNamed) {
  const GoldenCase g = golden(squares(3));
  Answer a = truthful(g);
  a.gradient["prediction"].real[1] = 2 + 6 * 0x1p-22;
  a.gradient["prediction"].real[2] = 2 + 3 * 0x1p-22;
  const CaseVerdict v = judge(g, a);
  EXPECT_EQ(v.grade, Grade::stable);
  EXPECT_EQ(v.where, "gradient.prediction[1]");
  EXPECT_EQ(v.ulps, 6);
  EXPECT_EQ(v.got, 2 + 6 * 0x1p-22);
  a.value.real[0] = 4;
  EXPECT_EQ(judge(g, a).where, "value");
}

TEST(JudgeCase, AVisitorSeesEveryNumberOfEveryOutput) {
  const GoldenCase g = golden(squares(3));
  Answer a = truthful(g);
  a.gradient["prediction"].real[1] = 2 + 6 * 0x1p-22;
  std::vector<std::string> seen;
  const auto note = [&](const JudgedComponent& each) {
    seen.push_back(fmt::format("{}[{}] of {}: {} ulp, {}", each.output, each.index, each.truth.shape.size(),
                               each.verdict.ulps, name(each.verdict.grade)));
  };
  judge(g.question, g.truth, {}, a, {}, note);
  EXPECT_EQ(seen, (std::vector<std::string>{"value[0] of 0: 0 ulp, correctly rounded",
                                            "gradient.prediction[0] of 1: 0 ulp, correctly rounded",
                                            "gradient.prediction[1] of 1: 6 ulp, stable",
                                            "gradient.prediction[2] of 1: 0 ulp, correctly rounded"}));
  seen.clear();
  a.gradient.clear();
  judge(g.question, g.truth, {}, a, {}, note);
  EXPECT_TRUE(seen.empty()) << "what does not fit is not compared";
}

TEST(JudgeCase, MoreNumbersReachASumAndItsBoundIsWider) {
  // A = 2 v for a sum of squares, so that the bound is B units of 2^-23 v: 8 for one number, 8 + 2 log2 n for
  // n.
  const GoldenCase one = golden(squares(1)), many = golden(squares(256));
  for (const GoldenCase* g : {&one, &many}) {
    Answer a = truthful(*g);
    a.value.real[0] *= 1 + 16 * 0x1p-23;
    EXPECT_EQ(judge(*g, a).grade, g == &one ? Grade::inaccurate : Grade::stable);
  }
}

TEST(JudgeCase, TheIntrinsicScaleForgivesALostTail) {
  Case c;
  c.loss = "log_cosh";
  c.dtype = Dtype::f32;
  c.reduction = Reduction::none;
  c.inputs["prediction"] = tensor({1}, {0x1p-17});
  c.inputs["target"] = tensor({1}, {0});
  const GoldenCase g = golden(c);
  Answer a = truthful(g);
  a.value.real[0] = 0;  // log(cosh(x)) with cosh(x) rounded to 1
  EXPECT_EQ(judge(g, a).grade, Grade::absolute);
  Component without = g.truth.value.components[0];
  without.scale = 0;
  EXPECT_EQ(judge(a.value.real[0], without, c.dtype).grade, Grade::wrong);
}

TEST(JudgeCase, ShapesAndMissingTensorsAreProtocol) {
  const GoldenCase g = golden(squares(3));
  Answer a = truthful(g);
  a.value.shape = {1};
  EXPECT_EQ(judge(g, a).protocol, "value has shape [1], should be []");
  a = truthful(g);
  a.gradient.clear();
  EXPECT_EQ(judge(g, a).protocol, "gradient.prediction is missing");
  a = truthful(g);
  a.gradient["prediction"].real.pop_back();
  EXPECT_NE(judge(g, a).protocol, "");
  EXPECT_EQ(judge(g, a).grade, Grade::wrong);
}

TEST(JudgeCase, OnlyTheGradientsAskedForAreExpected) {
  GoldenCase g = golden(squares(3));
  Answer a = truthful(g);
  a.gradient.clear();
  g.question.wrt.clear();
  EXPECT_EQ(judge(g, a).protocol, "");
}

Case impossible_event() {
  Case c;
  c.loss = "binary_cross_entropy";
  c.dtype = Dtype::f64;
  c.reduction = Reduction::none;
  c.inputs["probability"] = tensor({2}, {0, .5});
  c.inputs["target"] = tensor({2}, {1, 1});
  return c;
}

/// A case of two components, of which log-clamped-100 changes the first.
GoldenCase clamped() {
  GoldenCase g = golden(impossible_event());
  ConventionalAnswer clamped;
  clamped.name = "log-clamped-100";
  clamped.value = tensor({2}, {100, std::log(2.)});
  g.conventions.push_back(clamped);
  return g;
}
CaseVerdict judge(const GoldenCase& golden, const std::vector<double>& value,
                  const std::vector<std::string>& declared) {
  Answer a = truthful(golden);
  a.value.real = value;
  return judge(golden.question, golden.truth, golden.conventions, a, declared);
}
const std::vector<std::string> log_clamped{"log-clamped-100"};

TEST(JudgeCase, AnUndeclaredConventionIsMatchedAsAWholeAndNamed) {
  const GoldenCase g = clamped();
  EXPECT_EQ(judge(g, truthful(g)).convention, "") << "an answer that is right needs no convention";
  const CaseVerdict v = judge(g, {100, std::log(2.)}, {});
  EXPECT_EQ(v.convention, "log-clamped-100");
  EXPECT_FALSE(v.declared);
  EXPECT_EQ(v.grade, Grade::wrong);
  EXPECT_EQ(v.measured_from, "") << "from the truth";
  EXPECT_EQ(judge(g, {100 * (1 + 0x1p-40), std::log(2.)}, {}).convention, "");
  EXPECT_EQ(judge(g, {100, .7}, {}).convention, "") << "the other component follows nothing";
}

TEST(JudgeCase, ADeclaredConventionIsWhatAComponentIsMeasuredFrom) {
  const GoldenCase g = clamped();
  const CaseVerdict right = judge(g, {100, std::log(2.)}, log_clamped);
  EXPECT_EQ(right.grade, Grade::correctly_rounded);
  EXPECT_EQ(right.convention, "log-clamped-100") << "named where the answer is right by it";
  EXPECT_TRUE(right.declared);

  const CaseVerdict off = judge(g, {100 * (1 + 0x1p-40), std::log(2.)}, log_clamped);
  EXPECT_EQ(off.grade, Grade::inaccurate);
  EXPECT_EQ(off.where, "value[0]");
  EXPECT_EQ(off.measured_from, "log-clamped-100") << "and where it is not";
  EXPECT_EQ(off.truth.rounded, 100);
  EXPECT_EQ(off.ulps, 6400) << "2^-40 of 100, in units of 2^-46";
  EXPECT_EQ(judge(g, {std::nan(""), std::log(2.)}, log_clamped).measured_from, "log-clamped-100");
}

TEST(JudgeCase, WhereADeclaredConventionChangesNothingTheTruthIsWhatCounts) {
  const GoldenCase g = clamped();
  const CaseVerdict v = judge(g, {100, .7}, log_clamped);
  EXPECT_EQ(v.where, "value[1]");
  EXPECT_EQ(v.measured_from, "");
  EXPECT_EQ(v.grade, Grade::inaccurate);
  EXPECT_FALSE(v.truth.digits.empty()) << "to its last digit";
}

TEST(JudgeCase, WhoDeclaresAConventionMayGiveTheTruth) {
  const CaseVerdict v = judge(clamped(), {infinity, std::log(2.)}, log_clamped);
  EXPECT_EQ(v.grade, Grade::correctly_rounded);
  EXPECT_EQ(v.convention, "");
  EXPECT_EQ(v.measured_from, "");
}

TEST(JudgeCase, OfSeveralDeclaredConventionsTheNearestCountsForEachComponent) {
  GoldenCase g = golden(impossible_event());
  g.conventions = {{"a", {}, tensor({2}, {100, 3}), {}}, {"b", {}, tensor({2}, {200, 4}), {}}};
  const std::vector<std::string> both{"a", "b"};
  const CaseVerdict mixed = judge(g, {200, 3}, both);
  EXPECT_EQ(mixed.grade, Grade::correctly_rounded);
  EXPECT_EQ(mixed.convention, "b, a");
  EXPECT_EQ(judge(g, {201, 3}, both).measured_from, "b");
  EXPECT_EQ(judge(g, {200, 3}, {"a"}).convention, "b") << "which explains what a does not";
  EXPECT_EQ(judge(g, {200, 7}, {"a"}).convention, "") << "not all of it";
  EXPECT_EQ(judge(g, {200, 3}, {"a"}).measured_from, "a");
  EXPECT_EQ(judge(g, {200, std::log(2.)}, {}).convention, "") << "half of it is the truth, which b changes";
  const CaseVerdict one = judge(g, {200, 4}, {"a"});
  EXPECT_EQ(one.convention, "b") << "which the whole answer follows";
  EXPECT_FALSE(one.declared);
}

TEST(JudgeCase, AConventionsNumberIsKnownToHalfAUnit) {
  GoldenCase g = golden(squares(1));
  g.question.wrt.clear();
  g.conventions = {{"halved", {}, tensor({}, {.5}), {}}};
  const auto verdict = [&](double units) { return judge(g, {.5 + units * 0x1p-24}, {"halved"}); };
  EXPECT_EQ(verdict(0).grade, Grade::correctly_rounded);
  EXPECT_EQ(verdict(1).grade, Grade::faithful) << "the exact number may lie between";
  EXPECT_EQ(verdict(2).grade, Grade::tight);
  EXPECT_EQ(verdict(4).grade, Grade::tight);
  EXPECT_EQ(verdict(5).grade, Grade::stable) << "4.5 units at best";
  EXPECT_EQ(verdict(5).ulps, 5) << "counted from the number that is written";
}

TEST(JudgeCase, TheVisitorIsToldWhatEachNumberIsMeasuredFrom) {
  const GoldenCase g = clamped();
  Answer a = truthful(g);
  a.value.real[0] = 101;
  std::vector<std::string> seen;
  judge(g.question, g.truth, g.conventions, a, log_clamped, [&](const JudgedComponent& each) {
    seen.push_back(fmt::format("{} {:.3g} {}", each.got, each.expected.rounded, each.measured_from));
  });
  EXPECT_EQ(seen, (std::vector<std::string>{"101 100 log-clamped-100", "0.6931471805599453 0.693 "}));
}

// e^(3e38) has more digits before the point than anyone writes down; what is written in their place must not
// make 0 or the largest number a good answer.
TEST(JudgeCase, AnOverflowBeyondAllDecimalsIsAnInfinity) {
  Case c;
  c.loss = "exponential";
  c.dtype = Dtype::f32;
  c.reduction = Reduction::none;
  c.inputs["score"] = tensor({1}, {0x1p127});
  c.inputs["target"] = tensor({1}, {-1});
  const Component truth = reference::certify(c).value.components.front();
  EXPECT_EQ(truth.digits, "Infinity");
  EXPECT_EQ(judge(infinity, truth, Dtype::f32).grade, Grade::correctly_rounded);
  EXPECT_EQ(judge(0, truth, Dtype::f32).grade, Grade::wrong);
  EXPECT_EQ(judge(most32, truth, Dtype::f32).grade, Grade::wrong);
}

}  // namespace
}  // namespace assay
