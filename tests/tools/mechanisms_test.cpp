// Diagnoses of faults that are made here, one of each family.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/claims/answers.hpp"
#include "tools/kernels/kernel_testee.hpp"
#include "tools/mechanisms/blame.hpp"
#include "tools/mechanisms/diagnosis.hpp"
#include "tools/mechanisms/fitting.hpp"
#include "tools/mechanisms/table.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::tests {
namespace {

using mechanisms::Diagnosing;
using mechanisms::Diagnosis;

using Testing = std::function<Answer(const Case&)>;

std::optional<Diagnosis> diagnosed(const Case& witness, const Testing& answer, std::uint64_t seed = 1) {
  const auto testee = in_process_testee(everything({"wrong", "1", "c++"}), answer);
  Diagnosing diagnosing(witness, answer(complete(witness)), &testee->handshake(), seed);
  testee->ask(diagnosing);
  return diagnosing.diagnosis();
}

Case unary(std::string_view loss, std::vector<double> x) {
  Case c{.id = "",
         .loss = loss,
         .dtype = Dtype::f32,
         .reduction = Reduction::none,
         .parameters = {},
         .inputs = {},
         .wrt = {}};
  const auto n = static_cast<std::int64_t>(x.size());
  c.inputs["x"] = reals({n}, std::move(x));
  return c;
}
Case residual(std::string_view loss, std::vector<double> x, std::vector<double> t) {
  Case c = unary(loss, {});
  const auto n = static_cast<std::int64_t>(x.size());
  c.inputs = {{"prediction", reals({n}, std::move(x))}, {"target", reals({n}, std::move(t))}};
  return c;
}

/// softplus as log(1 + e^x) in floats.
Answer naive_softplus(const Case& c) {
  Answer out = kernel_answer(c);
  if (c.reduction != Reduction::none) return out;
  for (std::size_t i = 0; i < out.value.real.size(); ++i)
    out.value.real[i] = std::log(1 + std::exp(static_cast<float>(c.inputs.at("x").real[i])));
  return out;
}

TEST(Diagnosis, OfAnOverflowingExponential) {
  const auto d = diagnosed(unary("softplus", {100, 1, 2}), naive_softplus);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->mechanism, "overflowing-exponential");
  EXPECT_TRUE(d->confident) << d->evidence;
  EXPECT_NE(d->sentence.find("exp(x[0])"), std::string::npos) << d->sentence;
}

TEST(Diagnosis, OfAMissingLog1p) {
  const auto d = diagnosed(unary("softplus", {-12.5, -11.25, -13}), naive_softplus);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->mechanism, "missing-log1p");
  EXPECT_TRUE(d->confident) << d->evidence;
}

TEST(Diagnosis, OfAnIgnoredParameter) {
  Case c = residual("huber", {3, -2.5, .25}, {.5, 1, 0});
  c.parameters["delta"] = .75;
  const auto d = diagnosed(c, [](const Case& asked) {
    Case other = asked;
    other.parameters["delta"] = 1.;
    return kernel_answer(other);
  });
  ASSERT_TRUE(d);
  EXPECT_EQ(d->mechanism, "ignored-parameter");
  EXPECT_NE(d->sentence.find("`delta`"), std::string::npos) << d->sentence;
  EXPECT_TRUE(d->confident) << d->evidence;
}

TEST(Diagnosis, FindsTheConstantOfAClamp) {
  Case c = unary("softplus", {});
  c.loss = "binary_cross_entropy";
  c.inputs = {{"probability", reals({3}, {0, .25, 1e-9f})}, {"target", reals({3}, {1, .5, .75})}};
  const auto d = diagnosed(c, [](const Case& asked) {
    Case other = asked;
    for (double& p : other.inputs.at("probability").real)
      p = round_to(Dtype::f32, std::isnan(p) ? p : std::clamp(p, 1e-6, 1 - 1e-6));
    return kernel_answer(other);
  });
  ASSERT_TRUE(d);
  EXPECT_EQ(d->mechanism, "clamped-input");
  EXPECT_NE(d->sentence.find("1e-06"), std::string::npos) << d->sentence;
}

TEST(Diagnosis, OfAFactorInTheGradientAlone) {
  Case c = residual("mse", {3, -2.5, .25}, {.5, 1, 0});
  c.wrt = {"prediction"};
  const auto d = diagnosed(c, [](const Case& asked) {
    Answer out = kernel_answer(asked);
    for (auto& [name, gradient] : out.gradient)
      for (double& x : gradient.real) x = round_to(asked.dtype, x / 2);
    return out;
  });
  ASSERT_TRUE(d);
  EXPECT_EQ(d->mechanism, "constant-factor");
  EXPECT_NE(d->sentence.find("in the gradient by `prediction` alone"), std::string::npos) << d->sentence;
}

/// At the witness a bound and a summand come to the same; fresh inputs go far enough to tell.
TEST(Diagnosis, TellsABoundFromASummand) {
  const auto floored = [](const Case& asked) {
    Answer out = kernel_answer(asked);
    for (double& x : out.value.real)
      if (x < 1e-7) x = round_to(asked.dtype, 1e-7);
    return out;
  };
  const auto d = diagnosed(residual("mse", {1, 2.5, -3}, {1, 2.5, -3}), floored);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->mechanism, "clamped-result") << d->sentence << "; " << d->evidence;
}

TEST(Diagnosis, IsNothingWhereNothingIsWrong) {
  EXPECT_FALSE(diagnosed(unary("softplus", {100, -12.5, 2}), kernel_answer));
}

TEST(Diagnosis, IsNothingWhereNoModelExplains) {
  const auto d = diagnosed(unary("softplus", {1, 2, 3}), [](const Case& asked) {
    Answer out = kernel_answer(asked);
    for (double& x : out.value.real) x = round_to(asked.dtype, x * (1 + std::abs(std::sin(1e3 * x))));
    return out;
  });
  EXPECT_FALSE(d) << d->mechanism << ": " << d->sentence;
}

TEST(Diagnosis, IsTheSameInWhateverOrderAnswersCome) {
  const Case c = complete(unary("softplus", {100, 1, 2}));
  const auto by = [&](bool backwards) {
    Diagnosing d(c, naive_softplus(c), nullptr, 7);
    std::size_t asked = 0;
    for (;;) {
      std::vector<std::pair<std::size_t, Case>> round;
      while (const auto next = d.next()) round.emplace_back(asked++, *next);
      if (round.empty()) return d.diagnosis();
      if (backwards) std::reverse(round.begin(), round.end());
      for (const auto& [number, question] : round) d.answered(number, naive_softplus(question));
    }
  };
  const auto one = by(false), other = by(true);
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->sentence, other->sentence);
  EXPECT_EQ(one->evidence, other->evidence);
}

TEST(Diagnosis, SurvivesLostAndErroredAnswers) {
  const Case c = complete(unary("softplus", {100, 1, 2}));
  Diagnosing d(c, naive_softplus(c), nullptr, 7);
  std::size_t asked = 0;
  while (const auto next = d.next()) {
    if (asked % 3 == 0)
      d.lost(asked, {"protocol/exit", "gone"});
    else if (asked % 3 == 1)
      d.answered(asked, Answer::error("no"));
    else
      d.answered(asked, naive_softplus(*next));
    ++asked;
  }
  const auto found = d.diagnosis();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->mechanism, "overflowing-exponential");
}

TEST(Fitting, FindsCrossingsAndWhatSomebodyMayHaveWritten) {
  const auto c = mechanisms::crossing(0x1p-120, 1, [](double x) { return x - 1e-12; });
  ASSERT_TRUE(c);
  EXPECT_NEAR(*c, 1e-12, 1e-20);
  EXPECT_FALSE(mechanisms::crossing(1, 100, [](double x) { return x; }));
  EXPECT_EQ(mechanisms::written(1.0004e-7).front(), 1e-7);
  EXPECT_EQ(mechanisms::written(79.98).front(), 80);
}

TEST(Table, NamesMechanismsInLowerCaseWithHyphens) {
  for (const mechanisms::Mechanism& each : mechanisms::mechanisms()) {
    EXPECT_EQ(each.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string_view::npos)
        << each.name;
    EXPECT_FALSE(each.about.empty()) << each.name;
  }
}

TEST(Diagnosis, OfAVariantAsksThatVariantAloneAndAsMuchAsOfALossWithoutAny) {
  const Handshake plain = everything({"wrong", "1", "c++"});
  Handshake several = plain;
  Offer of_layers = several.losses.extract("softplus").mapped(), of_core = of_layers;
  of_layers.variant = "layers";
  of_core.variant = "core";
  several.variants["softplus"] = {of_layers, of_core};
  const auto questions = [](const Case& witness, const Handshake& offers) {
    Diagnosing diagnosing(witness, naive_softplus(complete(witness)), &offers, 1);
    std::vector<Case> all;
    while (std::optional<Case> c = diagnosing.next()) all.push_back(*std::move(c));
    return all;
  };
  Case witness = unary("softplus", {100, 1, 2});
  const std::size_t wanted = questions(witness, plain).size();
  EXPECT_GT(wanted, 8u);
  witness.variant = "core";
  const std::vector<Case> asked = questions(witness, several);
  EXPECT_EQ(asked.size(), wanted);
  for (const Case& each : asked) EXPECT_EQ(each.variant, "core");
}

}  // namespace
}  // namespace assay::tests
