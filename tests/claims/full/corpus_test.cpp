// The corpus as `assay tolerance` measures it: what each wrong implementation needs of a tolerance is what
// its answers say.
#include "tests/witnesses/corpus/corpus.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "tests/claims/answers.hpp"
#include "tests/witnesses/mutants/kinds.hpp"
#include "tools/golden/golden_folder.hpp"
#include "tools/kernels/kernel_testee.hpp"

namespace assay::tests::corpus {
namespace {

using tolerances::Measured;
using tolerances::Operand;
using tolerances::Part;
using tolerances::parts;

/// mse of (1, 3) against (0, 0): values 1 and 9, gradient (2, 6).
GoldenFile two_numbers() {
  GoldenCase golden;
  golden.slug = "two-numbers";
  golden.question.loss = "mse";
  golden.question.dtype = Dtype::f32;
  golden.question.reduction = Reduction::none;
  golden.question.inputs = {{"prediction", reals({2}, {1, 3})}, {"target", reals({2}, {0, 0})}};
  golden.question.wrt = {"prediction"};
  golden.truth = reference::certify(golden.question);
  GoldenFile file;
  file.loss = "mse";
  file.dtype = Dtype::f32;
  file.cases = {golden};
  return file;
}

mutants::Mutant spoilt(const std::string& fault, std::function<void(Answer&)> spoil) {
  return {"mse", fault, [spoil = std::move(spoil)](const Case& c) {
            Answer answer = kernel_answer(c);
            spoil(answer);
            return answer;
          }};
}

void each(Tensor& tensor, double (*change)(double)) {
  for (double& x : tensor.real) x = change(x);
}

TEST(Corpus, IsMeasuredAsByHand) {
  const GoldenFile file = two_numbers();
  const Exam exam(file);
  const Measured negated = exam.measure(spoilt("negated", [](Answer& answer) {
    each(answer.gradient.at("prediction"), [](double x) { return -x; });
  }));
  EXPECT_EQ(negated.value.wrong, 0);
  EXPECT_EQ(negated.gradient.wrong, 1);
  EXPECT_EQ(negated.gradient.grade, Grade::wrong);
  EXPECT_EQ(negated.gradient.off, 2);
  EXPECT_EQ(negated.gradient[Operand::expected].least_rtol(), 2);
  EXPECT_EQ(negated.gradient[Operand::expected].least_atol(), 12);
  EXPECT_TRUE(negated.gradient[Operand::expected].within({50, 5}));
  EXPECT_EQ(negated.gradient[Operand::answer].least_rtol(), 2);
  EXPECT_FALSE(negated.gradient[Operand::expected].within({1, 5}));  // 12 > 5 + 6, though 4 <= 5 + 2
  ASSERT_TRUE(negated.gradient.example);
  EXPECT_EQ(negated.gradient.example->where, "gradient.prediction[1]");
  EXPECT_EQ(negated.gradient.example->got, -6);
  EXPECT_EQ(negated.gradient.example->expected, 6);
  EXPECT_EQ(negated.gradient.example->slug, "two-numbers");

  const Measured more = exam.measure(
      spoilt("one more", [](Answer& answer) { each(answer.value, [](double x) { return x + 1; }); }));
  EXPECT_EQ(more.gradient.wrong, 0);
  EXPECT_EQ(more.value[Operand::expected].least_rtol(), 1);
  EXPECT_EQ(more.value[Operand::expected].least_atol(), 1);
  EXPECT_EQ(more.value[Operand::expected].errors().size(), 1u);  // 1 of 9 asks for no more than 1 of 1
  EXPECT_TRUE(more.value[Operand::expected].within({.5, .5}));

  const Measured misshapen = exam.measure(spoilt("a number too many", [](Answer& answer) {
    answer.value.real.push_back(0);
    answer.value.shape = {3};
  }));
  EXPECT_EQ(misshapen.value.grade, Grade::wrong);
  EXPECT_FALSE(misshapen.value[Operand::expected].within({infinity, infinity}));

  const Measured valued =
      exam.measure(spoilt("values alone", [](Answer& answer) { answer.gradient.clear(); }));
  EXPECT_EQ(valued.gradient.cases, 0);
  EXPECT_EQ(valued.value.cases, 1);

  const Measured right = exam.measure(spoilt("nothing", [](Answer&) {}));
  for (const Part part : parts) {
    EXPECT_EQ(right[part].wrong, 0);
    EXPECT_FALSE(right[part].example);
    EXPECT_TRUE(right[part][Operand::expected].within({0, 0}));
  }
}

TEST(Corpus, AsksEverydayAndTailCasesAlone) {
  GoldenFile file = two_numbers();
  for (const Regime regime : {Regime::tail, Regime::extreme, Regime::special, Regime::degenerate}) {
    file.cases.push_back(file.cases[0]);
    file.cases.back().regime = regime;
  }
  EXPECT_EQ(Exam(file).cases(), 2u);
}

/// A number at a kink that is admitted needs no tolerance, one outside only as much as to the nearer end.
TEST(Corpus, MeasuresAKinkFromItsNearerEnd) {
  GoldenFile file = two_numbers();
  reference::Component& kink = file.cases[0].truth.gradient.at("prediction").components[0];
  kink.lower = -1;
  kink.upper = 1;
  kink.rounded = 0;
  const Measured inside = Exam(file).measure(
      spoilt("admitted", [](Answer& answer) { answer.gradient.at("prediction").real[0] = .5; }));
  EXPECT_TRUE(inside.gradient[Operand::expected].within({0, 0}));
  const Measured outside = Exam(file).measure(
      spoilt("beyond", [](Answer& answer) { answer.gradient.at("prediction").real[0] = 1.5; }));
  EXPECT_EQ(outside.gradient[Operand::expected].least_atol(), .5);
}

class MeasuredCorpus : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Of, MeasuredCorpus,
                         testing::Values("mse", "softplus", "sparse_categorical_cross_entropy_with_logits",
                                         "huber"),
                         [](const auto& of) { return of.param; });

// What is judged wrong is not equal to the truth, and what answers with numbers passes some tolerance.
TEST_P(MeasuredCorpus, PassesNoneAtZeroAndMostAtInfinity) {
  const Record& record = *find(GetParam());
  const GoldenFile file = read_golden(std::filesystem::path(ASSAY_SOURCE_DIR) / "golden/v1" /
                                      golden_file_name(record.name, Dtype::f32));
  const Exam exam(file);
  int wrong = 0, hopeless = 0;
  std::set<std::string> passing_loosely;
  for (const mutants::Mutant& mutant : wrong_implementations(record)) {
    const Measured m = exam.measure(mutant);
    for (const Part part : parts) {
      if (m[part].wrong == 0) continue;
      ++wrong;
      hopeless += m[part][Operand::expected].hopeless() ? 1 : 0;
      EXPECT_FALSE(m[part][Operand::expected].within({0, 0})) << mutant.fault << ", " << name(part);
      EXPECT_EQ(m[part][Operand::expected].within({infinity, infinity}),
                !m[part][Operand::expected].hopeless())
          << mutant.fault;
      EXPECT_TRUE(m[part].example) << mutant.fault;
      if (m[part][Operand::expected].within({50, 5})) passing_loosely.insert(mutant.fault);
    }
  }
  EXPECT_GT(wrong, 20);
  EXPECT_LT(3 * hopeless, wrong);
  const std::string first(record.inputs.front().name);
  EXPECT_TRUE(passing_loosely.contains("gradient by " + first + " negated"));
  EXPECT_TRUE(passing_loosely.contains("gradient by " + first + " is 0"));
  const Measured sound = exam.measure_sound();
  EXPECT_TRUE(sound.sound);
  EXPECT_TRUE(sound.value[Operand::expected].within({1e-4, 1e-4}));
}

TEST(Corpus, HoldsMoreThanAThousandAndAHalf) {
  std::size_t count = 0, with_kinds = 0;
  for (const Record& record : catalogue())
    for (const mutants::Mutant& mutant : wrong_implementations(record)) {
      ++count;
      with_kinds += mutants::kinds(mutant).empty() ? 0 : 1;
    }
  EXPECT_GE(count, 1700u);
  EXPECT_GE(10 * with_kinds, 9 * count);
}

}  // namespace
}  // namespace assay::tests::corpus
