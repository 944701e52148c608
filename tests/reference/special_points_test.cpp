// What the oracle says at kinks, at infinities, where a coefficient or a divisor is 0, and of sensitivities:
// by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "tests/claims/answers.hpp"
#include "tools/kernels/kernel_testee.hpp"

namespace assay::tests {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Case element(const char* loss, std::vector<double> x, std::vector<double> t,
             const char* first = "prediction") {
  Case c;
  c.loss = loss;
  c.reduction = Reduction::none;
  const auto n = static_cast<std::int64_t>(x.size());
  c.inputs[first] = reals({n}, std::move(x));
  c.inputs["target"] = reals({n}, std::move(t));
  c.wrt = {first};
  return c;
}

TEST(Kinks, HaveTheHullOfTheirSides) {
  const reference::Truth mae = reference::certify(element("mae", {1, 2}, {1, 1}));
  const auto& at = mae.gradient.at("prediction").components;
  EXPECT_EQ(at[0].rounded, 0);
  EXPECT_EQ(at[0].lower, -1);
  EXPECT_EQ(at[0].upper, 1);
  EXPECT_EQ(at[1].lower, 1);
  EXPECT_EQ(at[1].upper, 1);

  const reference::Truth hinge = reference::certify(element("hinge", {1, -1, .5}, {1, -1, 1}, "score"));
  const auto& slope = hinge.gradient.at("score").components;
  EXPECT_EQ(slope[0].rounded, 0);
  EXPECT_EQ(slope[0].lower, -1);
  EXPECT_EQ(slope[0].upper, 0);
  EXPECT_EQ(slope[1].lower, 0);
  EXPECT_EQ(slope[1].upper, 1);
  EXPECT_EQ(slope[2].lower, -1);
  EXPECT_EQ(slope[2].upper, -1);
}

TEST(Kinks, NearerThanRoundingCanTellSpanBothSidesButKeepTheTrueDerivative) {
  const reference::Truth t =
      reference::certify(element("hinge", {1 - 0x1p-53, 1 - 0x1p-30}, {1, 1}, "score"));
  const auto& slope = t.gradient.at("score").components;
  EXPECT_EQ(slope[0].rounded, -1);
  EXPECT_EQ(slope[0].lower, -1);
  EXPECT_EQ(slope[0].upper, 0);
  EXPECT_EQ(slope[1].upper, -1);
}

TEST(Kinks, OfOneArgumentTurnTogether) {
  // a = (0,0), p = (1,0), n = (2,0), margin 1: the hinge is at its kink, and d/da of its argument is -1 + 1 =
  // 0.
  Case c;
  c.loss = "triplet_margin";
  c.inputs["anchor"] = reals({1, 2}, {0, 0});
  c.inputs["positive"] = reals({1, 2}, {1, 0});
  c.inputs["negative"] = reals({1, 2}, {2, 0});
  c.wrt = {"anchor", "positive"};
  const reference::Truth t = reference::certify(c);
  EXPECT_EQ(t.gradient.at("anchor").components[0].lower, 0);
  EXPECT_EQ(t.gradient.at("anchor").components[0].upper, 0);
  EXPECT_EQ(t.gradient.at("positive").components[0].lower, 0);
  EXPECT_EQ(t.gradient.at("positive").components[0].upper, 1);
}

struct Limit {
  const char* loss;
  const char* input;
  double x, target;
  double value, slope;
};

TEST(Infinities, GiveLimitsForValueAndGradient) {
  const Limit limits[] = {{"mse", "prediction", infinity, 3, infinity, infinity},
                          {"mse", "prediction", -infinity, 3, infinity, -infinity},
                          {"mae", "prediction", -infinity, 3, infinity, -1},
                          {"huber", "prediction", infinity, 3, infinity, 1},
                          {"smooth_l1", "prediction", -infinity, 3, infinity, -1},
                          {"log_cosh", "prediction", infinity, 3, infinity, 1},
                          {"hinge", "score", infinity, 1, 0, 0},
                          {"hinge", "score", infinity, -1, infinity, 1},
                          {"exponential", "score", infinity, 1, 0, 0},
                          {"exponential", "score", -infinity, 1, infinity, -infinity},
                          {"soft_margin", "score", -infinity, 1, infinity, -1},
                          {"squared_hinge", "score", infinity, -1, infinity, infinity},
                          {"msle", "prediction", infinity, 3, infinity, 0},
                          {"mape", "prediction", -infinity, -4, infinity, -25},
                          {"quantile", "prediction", infinity, 3, infinity, .5},
                          {"poisson_nll", "prediction", infinity, 3, infinity, infinity},
                          {"poisson_nll", "prediction", -infinity, 3, infinity, -3},
                          {"tweedie_deviance", "prediction", infinity, 3, infinity, 0},
                          {"binary_focal_with_logits", "logits", infinity, 1, 0, 0},
                          {"binary_focal_with_logits", "logits", infinity, 0, infinity, .75},
                          {"binary_cross_entropy_with_logits", "logits", infinity, 1, 0, 0},
                          {"binary_cross_entropy_with_logits", "logits", infinity, 0, infinity, 1},
                          {"binary_cross_entropy_with_logits", "logits", -infinity, 0, 0, 0},
                          {"binary_cross_entropy_with_logits", "logits", infinity, .5, infinity, .5}};
  for (const Limit& l : limits)
    for (Dtype dtype : dtypes) {
      Case c = element(l.loss, {l.x}, {l.target}, l.input);
      c.dtype = dtype;
      const Answer a = certified_answer(c);
      EXPECT_EQ(a.value.real[0], l.value) << witness(c);
      EXPECT_EQ(a.gradient.at(l.input).real[0], l.slope) << witness(c);
    }
}

TEST(Infinities, WithoutALimitAreNaN) {
  Case c;
  c.loss = "softmax";
  c.reduction = Reduction::none;
  c.inputs["x"] = reals({3, 3}, {infinity, infinity, 0, infinity, 1, -infinity, 1, 2, -infinity});
  const std::vector<double> p = certified_answer(c).value.real;
  EXPECT_TRUE(std::isnan(p[0]) && std::isnan(p[1]));
  EXPECT_EQ(p[2], 0);
  EXPECT_EQ(p[3], 1);
  EXPECT_EQ(p[4], 0);
  EXPECT_EQ(p[5], 0);
  EXPECT_EQ(p[8], 0);
  EXPECT_EQ(p[7], 0x1.764d4f5d5a2bdp-1) << "1/(1+e^-1)";
}

TEST(Infinities, WithoutALimitAreNaNInWhateverPlace) {
  constexpr std::size_t rows = 6, classes = 12;
  for (const double each : {infinity, -infinity})
    for (std::size_t label = 0; label < classes; ++label) {
      Case c;
      c.loss = "categorical_hinge";
      c.reduction = Reduction::none;
      std::vector<double> target(rows * classes, 0);
      for (std::size_t row = 0; row < rows; ++row) target[row * classes + label] = 1;
      c.inputs["score"] = reals({rows, classes}, std::vector<double>(rows * classes, each));
      c.inputs["target"] = reals({rows, classes}, target);
      c.wrt = {"score"};
      // -1 where the score of the label is behind the best of the others, 0 where it is ahead.
      const reference::Truth t = reference::certify(c);
      for (std::size_t at = label; at < rows * classes; at += classes) {
        EXPECT_TRUE(std::isnan(t.gradient.at("score").components[at].rounded)) << witness(c);
        EXPECT_TRUE(std::isnan(kernel_answer(c).gradient.at("score").real[at])) << witness(c);
      }
    }
}

TEST(ZeroCoefficients, DropWhatTheyWeigh) {
  Case c = element("binary_cross_entropy", {0, 0, 1, nan}, {0, 1, 1, .5}, "probability");
  c.wrt = {"probability"};
  const Answer a = certified_answer(c);
  EXPECT_EQ(a.value.real[0], 0);
  EXPECT_EQ(a.value.real[1], infinity);
  EXPECT_EQ(a.value.real[2], 0);
  EXPECT_TRUE(std::isnan(a.value.real[3]));
  EXPECT_EQ(a.gradient.at("probability").real[0], 1);  // one-sided
  EXPECT_EQ(a.gradient.at("probability").real[1], -infinity);
  EXPECT_EQ(a.gradient.at("probability").real[2], -1);

  Case kl;
  kl.loss = "kl_divergence";
  kl.reduction = Reduction::sum;
  kl.inputs["target"] = reals({1, 3}, {0, 0, 1});
  kl.inputs["probability"] = reals({1, 3}, {nan, 0, .5});
  kl.wrt = {"probability"};
  const Answer divergence = certified_answer(kl);
  EXPECT_EQ(divergence.value.real[0], 0x1.62e42fefa39efp-1) << "log 2";
  EXPECT_EQ(divergence.gradient.at("probability").real, (std::vector<double>{0, 0, -2}));
}

TEST(Divisors, OfZeroGiveNaNAndAnUncheckedGradient) {
  Case c;
  c.loss = "sparse_categorical_cross_entropy_with_logits";
  c.inputs["logits"] = reals({2, 2}, {nan, 2, 3, infinity});
  c.inputs["labels"] = labels({2}, {-100, -100});
  c.wrt = {"logits"};
  const reference::Truth t = reference::certify(c);
  EXPECT_TRUE(std::isnan(t.value.components[0].rounded));
  for (const auto& g : t.gradient.at("logits").components) EXPECT_FALSE(g.checked);
  c.reduction = Reduction::sum;
  const Answer sum = certified_answer(c);
  EXPECT_EQ(sum.value.real[0], 0);
  EXPECT_EQ(sum.gradient.at("logits").real, (std::vector<double>{0, 0, 0, 0}));
}

TEST(Sensitivity, CountsDifferencesInPlaceOfTheirInputs) {
  Case c;
  c.loss = "multi_margin";
  c.reduction = Reduction::none;
  c.parameters["p"] = std::int64_t{2};
  c.inputs["score"] = reals({1, 3}, {1e8, 1e8 - .5, 1e8 + 2});
  c.inputs["labels"] = labels({1}, {0});
  c.inputs["weight"] = reals({3}, {6, 1, 1});
  c.wrt = {"score"};
  const reference::Truth t = reference::certify(c);
  // v = 2 (h_1^2 + h_2^2), h = (.5, 3), d = (.5, -2): 2 (2 h |d|) each, and the weight's own v.
  EXPECT_NEAR(t.value.components[0].sensitivity, 1 + 24 + 18.5, 1e-6);
  const auto& g = t.gradient.at("score").components;
  EXPECT_NEAR(g[1].sensitivity, 4 * .5 + 2, 1e-6);  // 4 h_1, by d_1 and by the weight
  EXPECT_NEAR(g[2].sensitivity, 4 * 2 + 12, 1e-6);
}

TEST(Sensitivity, IsMeasuredFromTheCataloguesOrigins) {
  // The contract's own example: huber, delta 0.5, in f32.
  Case c = element("huber", {.5, -1, 0x1.16c2p-133}, {0, 0, 0});
  c.dtype = Dtype::f32;
  c.reduction = Reduction::mean;
  c.parameters["delta"] = .5;
  const reference::Truth t = reference::certify(c);
  EXPECT_NEAR(t.value.components[0].sensitivity, .25, 1e-9);
  const auto& g = t.gradient.at("prediction").components;
  EXPECT_NEAR(g[0].sensitivity, 1. / 6, 1e-9);
  EXPECT_EQ(g[1].sensitivity, 0);
  EXPECT_NEAR(g[2].sensitivity / std::stod(g[2].digits), 1, 1e-6);
  EXPECT_EQ(t.value.components[0].input_count, 6);
}

TEST(Undecided, IsSaidAndNotGuessed) {
  // sqrt(2)+... cannot be told from its own rounding boundary with four bits of precision to spare.
  Case c = element("log_cosh", {.5}, {0});
  const reference::Truth t = reference::certify(c, {.details = false, .max_bits = 80});
  EXPECT_EQ(t.undecided, "");
  Case far = element("log_cosh", {1e300}, {0});
  EXPECT_EQ(reference::certify(far, {.details = false, .max_bits = 160}).undecided, "value[0]");
}

// ---- angles

Case one_angle(std::vector<double> embedding, std::vector<double> weights, double scale) {
  const auto width = static_cast<std::int64_t>(embedding.size());
  Case c;
  c.loss = "arcface";
  c.reduction = Reduction::sum;
  c.parameters["scale"] = scale;
  c.inputs = {{"embedding", reals({1, width}, std::move(embedding))},
              {"weight", reals({2, width}, std::move(weights))},
              {"labels", labels({1}, {0})}};
  c.wrt = {"embedding", "weight"};
  return c;
}

// At angle 0 the sine is the length of what stands across, over that of the row: its slopes by x are a disc
// of radius 1/|x| across x, whose shadow on axis i is sqrt(1 - (x_i/|x|)^2)/|x|.
TEST(Kinks, OfTheSineAreADiscAcrossTheRow) {
  const Case c = one_angle({1, 2, -2}, {2, 4, -4, 0, 1, 1}, 3);
  const reference::Truth truth = reference::certify(c);
  const double share = 1 / (1 + std::exp(3 * std::cos(.5)));
  const double x[] = {1, 2, -2};
  for (std::size_t i = 0; i < 3; ++i) {
    const double radius = 3 * share * std::sin(.5) * std::sqrt(1 - x[i] * x[i] / 9);
    const reference::Component &by_x = truth.gradient.at("embedding").components[i],
                               &by_w = truth.gradient.at("weight").components[i],
                               &by_rival = truth.gradient.at("weight").components[3 + i];
    EXPECT_NEAR(by_x.upper - by_x.rounded, radius / 3, 1e-15);
    EXPECT_NEAR(by_x.rounded - by_x.lower, radius / 3, 1e-15);
    EXPECT_NEAR(by_w.upper, radius / 6, 1e-15);
    EXPECT_NEAR(by_w.lower, -radius / 6, 1e-15);
    EXPECT_EQ(by_w.rounded, 0);
    EXPECT_EQ(by_rival.lower, by_rival.upper);
  }
}

TEST(Conventions, OfAngularMarginsPartAtAnAngleOfPi) {
  const Case c = one_angle({2, 0}, {-3, 0, 0, 1}, 1);
  std::map<std::string, double> got;
  for (const auto& [name, truth] : reference::conventions(c, reference::certify(c)))
    got[name] = truth.value.components[0].rounded;
  // log(1 + e^-phi): phi = -1 - m sin m; cos(pi + m pi/180); -1, for m = 1/2.
  ASSERT_EQ(got.size(), 3u);
  EXPECT_NEAR(got["linear-beyond-pi-minus-margin"], 1.4939419953583308, 3e-16);
  EXPECT_NEAR(got["margin-in-degrees"], 1.3132338511901674, 3e-16);
  EXPECT_NEAR(got["easy-margin"], 1.3132616875182228, 3e-16);
}

TEST(Conventions, OfSupConCountRowsThatAreAlone) {
  Case c;
  c.loss = "supcon";
  c.inputs = {{"z", reals({4, 2}, {3, 4, 4, 3, 0, 1, 1, 0})}, {"labels", labels({4}, {0, 1, 1, 3})}};
  c.parameters["temperature"] = 1.;
  const reference::Truth truth = reference::certify(c);
  const auto got = reference::conventions(c, truth);
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].name, "lone-rows-counted");
  EXPECT_EQ(got[0].truth.value.components[0].rounded, truth.value.components[0].rounded / 2);
  c.reduction = Reduction::none;
  EXPECT_TRUE(reference::conventions(c, reference::certify(c)).empty());
}

}  // namespace
}  // namespace assay::tests
