// The front door: what the documentation shows compiles and gives numbers computed by hand; what does not fit
// is refused with one line.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "losses/losses.hpp"

namespace assay {
namespace {

constexpr float infinite = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

template <class Action>
std::string refusal(Action&& action) {
  try {
    action();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "accepted";
}

TEST(Api, CallingALossIsItsMean) {
  const std::vector<float> prediction{.5f, -1, 3}, target{0, 0, 0};
  // .125, .5 (1 - .25), .5 (3 - .25): the mean is 1.875/3.
  const float loss = Huber{.delta = .5}(prediction, target);
  EXPECT_EQ(loss, 1.875f / 3);
  EXPECT_EQ(mean(Huber{.delta = .5}, prediction, target), loss);
  EXPECT_EQ(sum(Huber{.delta = .5}, prediction, target), 1.875f);
}

TEST(Api, GradientsComeWithTheValue) {
  const std::vector<double> prediction{1, 4}, target{3, 3};
  std::vector<double> by_prediction(2), by_target(2);
  EXPECT_EQ(Mse{}(into(by_prediction, by_target), prediction, target), 2.5);
  EXPECT_EQ(by_prediction, (std::vector<double>{-2, 1}));
  EXPECT_EQ(by_target, (std::vector<double>{2, -1}));
  EXPECT_EQ(sum(Mse{}, into(unwanted, by_target), prediction, target), 5);
  EXPECT_EQ(by_target, (std::vector<double>{4, -2}));
}

TEST(Api, EachWritesTheValuesAndTakesACotangent) {
  const std::array<float, 3> score{2, .5f, -1}, target{1, 1, -1};
  std::array<float, 3> out{}, slope{};
  const std::array<float, 3> cotangent{1, 10, 0};
  each(Hinge{}, out, into(slope).times(cotangent), score, target);
  EXPECT_EQ(out, (std::array<float, 3>{0, .5f, 0}));
  EXPECT_EQ(slope, (std::array<float, 3>{0, -10, 0}));
  each(Mae{}, out, score, target);
  EXPECT_EQ(out, (std::array<float, 3>{1, .5f, 0}));
}

TEST(Api, ASumsCotangentIsOneNumber) {
  const std::vector<double> x{3}, t{1}, cotangent{.25};
  std::vector<double> slope(1);
  EXPECT_EQ(sum(Mse{}, into(slope).times(cotangent), x, t), 4);
  EXPECT_EQ(slope[0], 1);
}

TEST(Api, ElementWiseValuesByHand) {
  const std::vector<double> zero{0}, one{1}, half{.5}, two{2}, three{3};
  EXPECT_EQ(Sigmoid{}(zero), .5);
  EXPECT_EQ(Mse{}(three, one), 4);
  EXPECT_EQ(Mae{}(one, three), 2);
  EXPECT_EQ(SmoothL1{}(half, zero), .125);
  EXPECT_EQ((SmoothL1{.beta = 2}(three, zero)), 2);
  EXPECT_EQ(LogCosh{}(one, one), 0);
  EXPECT_NEAR(LogCosh{}(three, zero), std::log(std::cosh(3.)), 1e-15);
  EXPECT_EQ(GaussianNll{}(three, one, one), 2);
  EXPECT_NEAR((GaussianNll{.full = true}(three, one, one)), 2 + std::log(2 * std::acos(-1.)) / 2, 1e-15);
  EXPECT_EQ(BinaryCrossEntropy{}(half, one), std::log(2.));
  EXPECT_EQ(BinaryCrossEntropyWithLogits{}(zero, one), std::log(2.));
  EXPECT_EQ(Exponential{}(one, one), std::exp(-1.));
  EXPECT_EQ(Hinge{}(two, one), 0);
}

TEST(Api, AWeightPerClassIsSharedByTheRows) {
  // Two rows of three classes at logit 0: softplus is log 2 everywhere.
  const std::vector<double> logits(6, 0.), target{1, 0, 1, 1, 1, 0}, weight{1, 2, 4};
  std::vector<double> by_weight(3);
  const BinaryCrossEntropyWithLogits loss;
  const double total = sum(loss, into(unwanted, unwanted, by_weight), Rows{logits, 3}, target, weight);
  EXPECT_NEAR(total, std::log(2.) * (1 + 1 + 4 + 1 + 2 + 1), 1e-14);
  EXPECT_NEAR(by_weight[0], 2 * std::log(2.), 1e-15);
  EXPECT_NEAR(by_weight[1], std::log(2.), 1e-15);
  EXPECT_NEAR(by_weight[2], std::log(2.), 1e-15);
  // Without rows the weights stand beside the elements.
  const std::vector<double> x{0}, t{1}, w{3};
  EXPECT_NEAR(loss(x, t, w), 3 * std::log(2.), 1e-15);
}

TEST(Api, RowsAndLabels) {
  const std::vector<float> logits{0, 0, 0, 0, 7, 7, 7, 7};
  const std::vector<std::int64_t> labels{0, 3};
  std::vector<float> out(2), slope(8);
  const SparseCategoricalCrossEntropyWithLogits loss;
  each(loss, out, into(slope), Rows{logits, 4}, labels);
  EXPECT_FLOAT_EQ(out[0], std::log(4.f));
  EXPECT_FLOAT_EQ(out[1], std::log(4.f));
  EXPECT_FLOAT_EQ(slope[0], -.75f);
  EXPECT_FLOAT_EQ(slope[1], .25f);
  EXPECT_FLOAT_EQ(slope[7], -.75f);
  EXPECT_EQ((SparseCategoricalCrossEntropyWithLogits{.ignore_index = 3}(Rows{logits, 4}, labels)), out[0]);
  // A plain range is a single row, and an output may be a row itself.
  const std::vector<float> one{1, 1};
  std::vector<float> share(2);
  each(Softmax{}, share, one);
  EXPECT_EQ(share, (std::vector<float>{.5f, .5f}));
}

TEST(Api, NothingHasASumOfZeroAndNoMean) {
  const std::vector<float> none;
  std::vector<float> slope, out;
  EXPECT_EQ(sum(Mse{}, into(slope), none, none), 0);
  EXPECT_TRUE(std::isnan(mean(Mse{}, none, none)));
  each(Mse{}, out, none, none);
}

TEST(Api, SpecialNumbersReachTheirOwnElementOnly) {
  const std::vector<float> x{nan, infinite, -infinite, 1}, t{0, 0, 0, 1};
  std::vector<float> out(4), slope(4), by_target(4);
  each(Mse{}, out, into(slope, by_target), x, t);
  EXPECT_TRUE(std::isnan(out[0]) && std::isnan(slope[0]));
  EXPECT_EQ(out[1], infinite);
  EXPECT_EQ(slope[1], infinite);
  EXPECT_EQ(by_target[1], -infinite);
  EXPECT_EQ(slope[2], -infinite);
  EXPECT_EQ(out[3], 0);
  EXPECT_TRUE(std::isnan(Mse{}(x, t)));

  // A target of exactly 0 drops log(0), and a cotangent of 0 whatever it meets.
  const std::vector<float> p{0, 1, 0, 1.5f}, y{0, 1, 1, 1}, cotangent{1, 1, 0, 1};
  each(BinaryCrossEntropy{}, out, into(slope).times(cotangent), p, y);
  EXPECT_EQ(out[0], 0);
  EXPECT_EQ(slope[0], 1);
  EXPECT_EQ(out[1], 0);
  EXPECT_EQ(slope[1], -1);
  EXPECT_EQ(out[2], infinite);
  EXPECT_EQ(slope[2], 0);
  EXPECT_TRUE(std::isnan(out[3]) && std::isnan(slope[3]));

  const std::vector<float> logit{infinite}, yes{1}, no{0};
  std::vector<float> by_logit(1);
  const BinaryCrossEntropyWithLogits loss;
  EXPECT_EQ(loss(into(by_logit), logit, yes), 0);
  EXPECT_EQ(by_logit[0], 0);
  EXPECT_EQ(loss(into(by_logit), logit, no), infinite);
  EXPECT_EQ(by_logit[0], 1);
}

TEST(Api, NegativeZeroIsTheSameEndOfTheDomain) {
  const std::vector<double> p{-0.0}, t{.5};
  std::vector<double> slope(1);
  EXPECT_EQ(BinaryCrossEntropy{}(into(slope), p, t), std::numeric_limits<double>::infinity());
  EXPECT_EQ(slope[0], -std::numeric_limits<double>::infinity());
}

TEST(Api, SlopesThatVanishKeepTheirDigits) {
  const std::vector<double> x{0x1.5p-1000}, half{.5};
  std::vector<double> by_logits(1), by_target(1);
  BinaryCrossEntropyWithLogits{}(into(by_logits, by_target), x, half);
  EXPECT_EQ(by_logits[0], 0x1.5p-1002);
  EXPECT_EQ(by_target[0], -0x1.5p-1000);
}

TEST(Api, KinksGiveZero) {
  const std::vector<double> x{1}, t{1};
  std::vector<double> slope{7};
  Mae{}(into(slope), x, t);
  EXPECT_EQ(slope[0], 0);
  slope[0] = 7;
  Hinge{}(into(slope), x, t);
  EXPECT_EQ(slope[0], 0);
}

TEST(Api, ParametersAreRoundedToTheInputsType) {
  // A distance at which delta (|a| - delta/2) tells the float next to .1 from the double next to .1.
  const std::vector<float> x{2}, t{0};
  const double delta = .1f;
  const auto expected = static_cast<float>(delta * (2 - delta / 2));
  ASSERT_NE(expected, static_cast<float>(.1 * (2 - .1 / 2)));
  EXPECT_EQ((Huber{.delta = .1}(x, t)), expected);
}

TEST(Api, WhatDoesNotFitIsRefusedByName) {
  const std::vector<double> two{1, 2}, three{1, 2, 3};
  std::vector<double> small(1), fits(2);
  EXPECT_EQ(refusal([&] { Mse{}(two, three); }),
            "mse: target has 3 values where prediction has 2; they must agree");
  EXPECT_EQ(refusal([&] { Mse{}(two); }), "mse: target is missing");
  EXPECT_EQ(refusal([&] { Mse{}(into(small), two, two); }),
            "mse: the gradient by prediction has 1 number; it must have 2");
  EXPECT_EQ(refusal([&] { each(Mse{}, small, two, two); }), "mse: the output has 1 number; it must have 2");
  EXPECT_EQ(refusal([&] { Mse{}(into(fits).times(two), two, two); }),
            "mse: cotangent has 2 numbers; it must have 1");
  EXPECT_EQ(refusal([&] { Hinge{}(into(unwanted, fits), two, two); }),
            "hinge: target holds labels: there is no derivative by it");
  EXPECT_EQ(refusal([&] { BinaryCrossEntropyWithLogits{}(into(unwanted, unwanted, fits), two, two); }),
            "binary_cross_entropy_with_logits: pos_weight is not given: there is no derivative by it");
  EXPECT_EQ(refusal([&] {
              BinaryCrossEntropyWithLogits{}(Rows{two, 1}, two, two);
            }),
            "binary_cross_entropy_with_logits: pos_weight has 2 numbers; it must have 1");
  EXPECT_EQ(refusal([&] {
              Softmax{}(Rows{three, 2});
            }),
            "softmax: x has 3 numbers, which is no whole number of rows of 2");
  EXPECT_EQ(refusal([&] { Entropy{}(std::vector<double>{}); }),
            "entropy: p is empty: a row needs a number at least");
  EXPECT_EQ(refusal([&] {
              SparseCategoricalCrossEntropyWithLogits{}(Rows{three, 3}, three);
            }),
            "sparse_categorical_cross_entropy_with_logits: labels holds whole numbers: pass std::int64_t");
  EXPECT_EQ(refusal([&] {
              KlDivergence{}(Rows{two, 2}, Rows{two, 1});
            }),
            "kl_divergence: probability has 2 values where target has 1; they must agree");
  EXPECT_EQ(refusal([&] {
              InfoNce{}(Rows{two, 2}, Rows{two, 2}, Rows{three, 3});
            }),
            "info_nce: negative has 3 along D where query has 2; they must agree");
}

TEST(Api, ParametersOutsideTheirDomainAreRefused) {
  const std::vector<float> x{1};
  EXPECT_EQ(refusal([&] { Huber{.delta = -1}(x, x); }), "huber: delta is -1; it must be positive and finite");
  EXPECT_EQ(refusal([&] { Huber{.delta = 1e-60}(x, x); }),
            "huber: delta is 0; it must be positive and finite");
  EXPECT_EQ(refusal([&] {
              TripletMargin{.p = 3}(Rows{x, 1}, Rows{x, 1}, Rows{x, 1});
            }),
            "triplet_margin: p is 3; it must be 1 or 2");
  EXPECT_EQ(refusal([&] { Huber{.delta = 1e-60}(std::vector<double>{1}, std::vector<double>{1}); }),
            "accepted");
}

}  // namespace
}  // namespace assay
