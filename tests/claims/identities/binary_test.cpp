// Identities between losses of one class and its opposite.
#include "tests/claims/identities/identities.hpp"

namespace assay::tests {
namespace {

TEST_P(Identities, TwoClassSoftmaxIsTheSigmoid) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate();
    const Case two = make("softmax", {{"x", row({x, 0})}}, Reduction::none);
    RC_ASSERT(std::abs(value(two) - value(make("sigmoid", {{"x", one(x)}}))) <=
              2 * u * value(two) + 0x1p-1074);
  }));
}

TEST_P(Identities, SoftplusItsReflectionAndTheSoftMarginAreOneFunction) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate();
    const double up = value(make("softplus", {{"x", one(x)}})),
                 down = value(make("softplus", {{"x", one(-x)}}));
    RC_ASSERT(value(make("log_sigmoid", {{"x", one(-x)}})) == -up);
    RC_ASSERT(value(make("soft_margin", {{"score", one(-x)}, {"target", one(1)}})) == up);
    RC_ASSERT(value(make("soft_margin", {{"score", one(x)}, {"target", one(-1)}})) == up);
    const double entropy =
        value(make("binary_cross_entropy_with_logits", {{"logits", one(x)}, {"target", one(0)}}));
    RC_ASSERT(std::abs(entropy - up) <= 2 * u * up);
    RC_ASSERT(std::abs(up - down - x) <= 2 * u * (up + down));
  }));
}

TEST_P(Identities, MultilabelSoftMarginIsTheMeanOfBinaryCrossEntropies) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    std::vector<double> x(classes);
    for (double& each : x) each = moderate();
    const auto t = distribution(classes);
    const double multilabel = value(make("multilabel_soft_margin", {{"logits", row(x)}, {"target", row(t)}}));
    const double binary = value(
        make("binary_cross_entropy_with_logits", {{"logits", row(x)}, {"target", row(t)}}, Reduction::mean));
    RC_ASSERT(std::abs(multilabel - binary) <= 2 * u * binary);
  }));
}

TEST_P(Identities, LogLossIsTheCrossEntropyInUnitsOfTheBase) {
  EXPECT_TRUE(::rc::check([] {
    const double p = *rc::gen::inRange(1, 1024) / 1024., t = *rc::gen::inRange(0, 1025) / 1024.;
    auto in = [&](double base) {
      Case c = make("log_loss", {{"probability", one(p)}, {"target", one(t)}});
      c.parameters["base"] = base;
      return value(c);
    };
    const double nats = value(make("binary_cross_entropy", {{"probability", one(p)}, {"target", one(t)}}));
    const double bits = in(2);
    RC_ASSERT(std::abs(bits - nats / std::log(2.)) <= 4 * u * bits);
    RC_ASSERT(in(4) == bits / 2);
    RC_ASSERT(in(.5) == -bits);
  }));
}

TEST_P(Identities, FocalLossIsAPowerOfTheOtherSidesShareOfTheCrossEntropy) {
  EXPECT_TRUE(::rc::check([] {
    const double x = *rc::gen::inRange(-640, 641) / 16., t = *rc::gen::inRange(0, 17) / 16.;
    auto focal = [](double logit, double target, double alpha, double gamma) {
      Case c = make("binary_focal_with_logits", {{"logits", one(logit)}, {"target", one(target)}});
      c.parameters["alpha"] = alpha;
      c.parameters["gamma"] = gamma;
      return value(c);
    };
    const double entropy =
        value(make("binary_cross_entropy_with_logits", {{"logits", one(x)}, {"target", one(t)}}));
    RC_ASSERT(std::abs(focal(x, t, -1, 0) - entropy) <= 2 * u * entropy);
    RC_ASSERT(focal(x, t, .5, 2) == focal(x, t, -1, 2) / 2);
    const double share = value(make("sigmoid", {{"x", one(-x)}}));
    const double third = focal(x, 1, .25, 3), expected = share * share * share * focal(x, 1, .25, 0);
    RC_ASSERT(std::abs(third - expected) <= 16 * u * expected + 0x1p-1074);
    RC_ASSERT(focal(x, t, -1, 2) <= entropy * (1 + 2 * u));
    RC_ASSERT(focal(-x, 1 - t, -1, 1.5) == focal(x, t, -1, 1.5));
  }));
}

TEST_P(Identities, SigmoidsOfOppositesSumToOneAndAreSoftplusSlope) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate();
    const double up = value(make("sigmoid", {{"x", one(x)}})),
                 down = value(make("sigmoid", {{"x", one(-x)}}));
    RC_ASSERT(std::abs(up + down - 1) <= 4 * u);
    Case softplus = make("softplus", {{"x", one(x)}});
    softplus.wrt = {"x"};
    const double slope = answer(softplus).gradient.at("x").real[0];
    RC_ASSERT(std::abs(slope - up) <= 2 * u * up + 0x1p-1074);
  }));
}

TEST_P(Identities, BinaryCrossEntropyOfALogitIsThatOfItsSigmoidAndOfTwoClasses) {
  EXPECT_TRUE(::rc::check([] {
    const double x = *rc::gen::inRange(-512, 513) / 64., t = *rc::gen::inRange(0, 65) / 64.;
    const auto bce = [](double logit, double target) {
      return value(
          make("binary_cross_entropy_with_logits", {{"logits", one(logit)}, {"target", one(target)}}));
    };
    const double v = bce(x, t), p = value(make("sigmoid", {{"x", one(x)}}));
    RC_ASSERT(v == bce(-x, 1 - t));
    const double two = value(make("categorical_cross_entropy_with_logits",
                                  {{"logits", row({x, 0})}, {"target", row({t, 1 - t})}}));
    RC_ASSERT(std::abs(v - two) <= 4 * u * v);
    // A rounding of p moves log p by one, and log(1-p) by p/(1-p) = e^x of them.
    const double of_p = value(make("binary_cross_entropy", {{"probability", one(p)}, {"target", one(t)}}));
    RC_ASSERT(std::abs(v - of_p) <= 4 * u * (v + t + (1 - t) * std::exp(x)));
    // The slope is the sigmoid less the target.
    Case c = make("binary_cross_entropy_with_logits", {{"logits", one(x)}, {"target", one(t)}});
    c.wrt = {"logits"};
    RC_ASSERT(std::abs(answer(c).gradient.at("logits").real[0] - (p - t)) <= 4 * u);
  }));
}

TEST_P(Identities, PositiveWeightsWeighTheSoftplusOfThePositive) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate(), t = *rc::gen::inRange(0, 65) / 64., w = *rc::gen::inRange(0, 65) / 16.;
    const double up = value(make("softplus", {{"x", one(x)}})),
                 down = value(make("softplus", {{"x", one(-x)}}));
    const double v = value(make("binary_cross_entropy_with_logits",
                                {{"logits", one(x)}, {"target", one(t)}, {"pos_weight", one(w)}}));
    RC_ASSERT(std::abs(v - (t * w * down + (1 - t) * up)) <= 6 * u * v);
  }));
}

}  // namespace
}  // namespace assay::tests
