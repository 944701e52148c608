// The verdict on a whole answer: its worst component, its shapes, and what declared conventions change.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/tools/printed_grade.hpp"
#include "tools/golden/golden_file.hpp"
#include "tools/judge/judge.hpp"

namespace assay {
namespace {

using reference::Component;

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

}  // namespace
}  // namespace assay
