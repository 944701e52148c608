// Connectionist temporal classification against what needs no recursion: every sequence of classes written
// out, and, where all logarithms are 0, the number of alignments.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <vector>

#include "losses/call.hpp"
#include "losses/catalogue/sequence.hpp"
#include "tests/claims/answers.hpp"
#include "tools/cases/case_source.hpp"
#include "tools/kernels/kernel_testee.hpp"

namespace assay::tests {
namespace {

using Labels = std::vector<std::int64_t>;

/// What a sequence of classes reads: one of each run, blanks left out (Graves et al. 2006, section 3.1).
Labels collapsed(const Labels& classes, std::int64_t blank) {
  Labels out;
  for (std::size_t t = 0; t < classes.size(); ++t)
    if ((t == 0 || classes[t] != classes[t - 1]) && classes[t] != blank) out.push_back(classes[t]);
  return out;
}

struct Sample {
  std::int64_t frames, classes, blank;
  std::vector<double> log_probability;
  Labels labels;
};

struct Enumerated {
  double probability = 0;
  std::vector<double> through;  ///< by frame and class: of the sequences that pass there
};

Enumerated enumerate(const Sample& s) {
  Enumerated out;
  out.through.resize(s.log_probability.size());
  Labels classes(static_cast<std::size_t>(s.frames), 0);
  for (;;) {
    if (collapsed(classes, s.blank) == s.labels) {
      double p = 1;
      for (std::size_t t = 0; t < classes.size(); ++t)
        p *= std::exp(s.log_probability[t * static_cast<std::size_t>(s.classes) +
                                        static_cast<std::size_t>(classes[t])]);
      out.probability += p;
      for (std::size_t t = 0; t < classes.size(); ++t)
        out.through[t * static_cast<std::size_t>(s.classes) + static_cast<std::size_t>(classes[t])] += p;
    }
    std::size_t t = 0;
    while (t < classes.size() && ++classes[t] == s.classes) classes[t++] = 0;
    if (t == classes.size()) return out;
  }
}

Case question(const Sample& s) {
  const auto letters = static_cast<std::int64_t>(s.labels.size());
  Case c;
  c.loss = "ctc";
  c.reduction = Reduction::none;
  c.parameters["blank"] = s.blank;
  c.inputs["log_probability"] = reals({s.frames, 1, s.classes}, s.log_probability);
  c.inputs["labels"] = labels({1, letters}, s.labels);
  c.inputs["input_lengths"] = labels({1}, {s.frames});
  c.inputs["target_lengths"] = labels({1}, {letters});
  c.wrt = {"log_probability"};
  return c;
}

class Ctc : public ::testing::TestWithParam<Answer (*)(const Case&)> {};
INSTANTIATE_TEST_SUITE_P(Of, Ctc, ::testing::Values(kernel_answer, certified_answer),
                         [](const auto& each) { return each.index == 0 ? "Kernels" : "Reference"; });

TEST_P(Ctc, SumsOverEverySequenceThatReadsTheLabels) {
  const auto ask = GetParam();
  int feasible = 0;
  EXPECT_TRUE(::rc::check([&] {
    Sample s;
    s.frames = *rc::gen::inRange(1, 6);
    s.classes = *rc::gen::inRange(2, 4);
    s.blank = *rc::gen::inRange<std::int64_t>(0, s.classes);
    for (std::int64_t i = 0; i < s.frames * s.classes; ++i)
      s.log_probability.push_back(*rc::gen::inRange(-512, 65) / 128.);
    for (std::int64_t i = *rc::gen::inRange<std::int64_t>(0, 4); i > 0; --i)
      s.labels.push_back((s.blank + *rc::gen::inRange<std::int64_t>(1, s.classes)) % s.classes);
    const Enumerated truth = enumerate(s);
    const Answer answer = ask(question(s));
    RC_ASSERT(answer.outcome == Answer::Outcome::answered);
    if (truth.probability == 0) {
      RC_ASSERT(answer.value.real[0] == infinity);
      return;
    }
    ++feasible;
    // At most 3^5 terms of 5 factors, each within some ulps.
    RC_ASSERT(std::abs(answer.value.real[0] + std::log(truth.probability)) <= 0x1p-43);
    for (std::size_t i = 0; i < truth.through.size(); ++i)
      RC_ASSERT(std::abs(answer.gradient.at("log_probability").real[i] +
                         truth.through[i] / truth.probability) <= 0x1p-43);
  }));
  EXPECT_GE(feasible, 30);
}

TEST_P(Ctc, IsMinusTheSumOfLogarithmsWhereOneAlignmentIsPossible) {
  const Sample s{3, 3, 0, {-9, -.5, -9, -.25, -9, -9, -9, -1.5, -9}, {1, 1}};
  const Answer answer = GetParam()(question(s));
  EXPECT_EQ(answer.value.real[0], 2.25);
  EXPECT_EQ(answer.gradient.at("log_probability").real, (std::vector<double>{0, -1, 0, -1, 0, 0, 0, -1, 0}));
}

/// With every logarithm 0 the loss is -log of the number of alignments. S labels in T frames, R of them
/// beside themselves, have as many as there are ways to choose 2 S of T + S - R: each alignment is told by
/// where its labels begin and end, with a frame added for each label and R taken away for the blanks that
/// must stand.
double log_of_alignments(double frames, double labels, double repeats) {
  return std::lgamma(frames + labels - repeats + 1) - std::lgamma(2 * labels + 1) -
         std::lgamma(frames - labels - repeats + 1);
}

TEST_P(Ctc, CountsAlignments) {
  for (const Labels& each : {Labels{}, Labels{1}, Labels{1, 2}, Labels{1, 1}, Labels{1, 2, 2},
                             Labels{2, 2, 2}, Labels{1, 2, 1, 2}}) {
    double repeats = 0;
    for (std::size_t i = 1; i < each.size(); ++i) repeats += each[i] == each[i - 1] ? 1 : 0;
    for (std::int64_t frames = 5; frames < 12; ++frames) {
      const Sample s{frames, 3, 0, std::vector<double>(static_cast<std::size_t>(frames * 3), 0), each};
      const double count =
          log_of_alignments(static_cast<double>(frames), static_cast<double>(each.size()), repeats);
      EXPECT_NEAR(GetParam()(question(s)).value.real[0], -count, 1e-13 * (1 + count));
    }
  }
}

// Beside 2^680 the sums of two alignments are the same to 2^574, however much one of them outweighs the
// other.
TEST_P(Ctc, IsFiniteWhereRoundingHidesTheMostProbableAlignment) {
  const Sample s{4, 2, 1, {0, 1, 0, 0x1p506, -0x1p687, 0x1p680, -0x1p434, 0}, {0}};
  const Answer answer = GetParam()(question(s));
  EXPECT_EQ(answer.value.real[0], -0x1p680);
  EXPECT_EQ(answer.gradient.at("log_probability").real, (std::vector<double>{-1, 0, 0, -1, 0, -1, 0, -1}));
}

struct Long {
  std::int64_t frames, letters;
};
class LongCtc : public ::testing::TestWithParam<Long> {};
// pytorch/pytorch#27442: gradients were wrong beyond 1024 states; tensorflow/tensorflow#4193: beyond 10^4
// frames.
INSTANTIATE_TEST_SUITE_P(Of, LongCtc, ::testing::Values(Long{4000, 700}, Long{20000, 5}));

TEST_P(LongCtc, LosesNothingOnTheWay) {
  const auto [frames, letters] = GetParam();
  constexpr std::int64_t classes = 3;
  const auto numbers = static_cast<std::size_t>(frames * classes);
  const std::vector<float> log_probability(numbers, -1);
  Labels each;
  for (std::int64_t i = 0; i < letters; ++i) each.push_back(1 + i % 2);
  std::vector<float> slope(numbers);
  float value = 0;
  const assay::Ctc loss;
  Call<float> call;
  call.inputs[0] = {.real = log_probability.data(), .extent = {frames, 1, classes}};
  call.inputs[1] = {.integer = each.data(), .extent = {1, letters, 1}};
  call.inputs[2] = {.integer = &frames, .extent = {1, 1, 1}};
  call.inputs[3] = {.integer = &letters, .extent = {1, 1, 1}};
  call.reduction = Reduction::sum;
  call.value = &value;
  call.gradient[0] = slope.data();
  std::vector<double> scratch(workspace_bytes(loss, call) / sizeof(double));
  call.workspace = std::as_writable_bytes(std::span(scratch));
  evaluate(loss, call);

  const double expected = static_cast<double>(frames) -
                          log_of_alignments(static_cast<double>(frames), static_cast<double>(letters), 0);
  EXPECT_NEAR(value, expected, 2e-7 * expected);
  // An alignment passes somewhere in every frame. Read backwards, the labels are others but repeat alike, so
  // that the blank's slope is the same from either end.
  for (std::size_t t = 0; t < static_cast<std::size_t>(frames); ++t) {
    const double all = static_cast<double>(slope[3 * t]) + slope[3 * t + 1] + slope[3 * t + 2];
    ASSERT_NEAR(all, -1, 2e-7) << t;
    ASSERT_EQ(slope[3 * t], slope[3 * (static_cast<std::size_t>(frames) - 1 - t)]) << t;
  }
}

// Logarithms of 1e308 that cancel are known to 1e276: what is left of them says nothing, but is still a
// probability.
TEST(CtcKernel, HasNoSlopeBeyondOneHoweverLargeTheLogarithms) {
  const Record& record = *find("ctc");
  std::size_t slopes = 0;
  for (const Dtype dtype : dtypes)
    for (std::uint64_t seed = 2400; seed < 2700; ++seed) {
      Case c = random_case(record, dtype, seed, 0).question;
      c.reduction = Reduction::none;
      c.wrt = {"log_probability"};
      c.inputs.erase("cotangent");
      if (why_invalid(c)) continue;
      const Answer answer = kernel_answer(c);
      const auto at = answer.gradient.find("log_probability");
      if (at == answer.gradient.end()) continue;
      for (const double slope : at->second.real) {
        EXPECT_FALSE(slope > 0 || slope < -1) << slope << " of " << witness(c);
        ++slopes;
      }
    }
  EXPECT_GT(slopes, 1000u);
}

}  // namespace
}  // namespace assay::tests
