// Identities between losses of a prediction and a target.
#include "tests/claims/identities/identities.hpp"

namespace assay::tests {
namespace {

TEST_P(Identities, HuberIsContinuousInValueAndSlopeAtDelta) {
  EXPECT_TRUE(::rc::check([] {
    const double delta = std::abs(moderate());
    double values[3], slopes[3];
    const double at[] = {std::nextafter(delta, 0), delta, std::nextafter(delta, infinity)};
    for (int i = 0; i < 3; ++i) {
      Case c = make("huber", {{"prediction", one(at[i])}, {"target", one(0)}});
      c.parameters["delta"] = delta;
      c.wrt = {"prediction"};
      const Answer a = GetParam().ask(c);
      values[i] = a.value.real[0];
      slopes[i] = a.gradient.at("prediction").real[0];
    }
    // One step of the argument moves the value by delta steps and the slope by one, and each is rounded.
    const double step = at[2] - at[1];
    RC_ASSERT(slopes[1] == delta);
    RC_ASSERT(slopes[0] == at[0]);
    RC_ASSERT(slopes[2] == delta);
    RC_ASSERT(values[0] <= values[1] && values[1] <= values[2]);
    RC_ASSERT(values[2] - values[0] <= 2 * delta * step + 4 * u * values[1]);
  }));
}

TEST_P(Identities, HuberIsHalfMseWithinDeltaAndDeltaMaeFarOut) {
  EXPECT_TRUE(::rc::check([] {
    const double r = moderate();
    Case huber = make("huber", {{"prediction", one(r)}, {"target", one(0)}});
    const double mse = value(make("mse", {{"prediction", one(r)}, {"target", one(0)}}));
    const double mae = value(make("mae", {{"prediction", one(r)}, {"target", one(0)}}));
    huber.parameters["delta"] = std::abs(r) * 2;
    RC_ASSERT(value(huber) == mse / 2);
    // delta |r| - delta^2/2 is delta |r| to an ulp once delta is 2^-54 of |r|.
    const double small = std::ldexp(1, std::ilogb(r) - 55);
    huber.parameters["delta"] = small;
    RC_ASSERT(std::abs(value(huber) - small * mae) <= 2 * u * small * mae);
  }));
}

TEST_P(Identities, HuberIsDeltaTimesSmoothL1) {
  EXPECT_TRUE(::rc::check([] {
    const double r = moderate(), delta = std::ldexp(1, *rc::gen::inRange(-20, 20));  // scaling is exact
    Case huber = make("huber", {{"prediction", one(r)}, {"target", one(0)}});
    Case smooth = make("smooth_l1", {{"prediction", one(r)}, {"target", one(0)}});
    huber.parameters["delta"] = delta;
    smooth.parameters["beta"] = delta;
    huber.wrt = smooth.wrt = {"prediction"};
    const Answer of_huber = answer(huber), of_smooth = answer(smooth);
    const double h = of_huber.value.real[0], s = delta * of_smooth.value.real[0];
    RC_ASSERT(std::abs(h - s) <= 2 * u * h);
    RC_ASSERT(of_huber.gradient.at("prediction").real[0] ==
              delta * of_smooth.gradient.at("prediction").real[0]);
  }));
}

TEST_P(Identities, LogCoshIsBinaryCrossEntropyWithLogitsOfTwiceTheResidualLessLog2) {
  EXPECT_TRUE(::rc::check([] {
    const double r = moderate();
    const double l = value(make("log_cosh", {{"prediction", one(r)}, {"target", one(0)}}));
    const double b =
        value(make("binary_cross_entropy_with_logits", {{"logits", one(2 * r)}, {"target", one(.5)}}));
    RC_ASSERT(std::abs(l - (b - std::log(2.))) <= 4 * u * (b + 1));
  }));
}

TEST_P(Identities, QuantilesOfBothSidesSumToTheAbsoluteError) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate(), t = moderate(), q = *rc::gen::inRange(1, 64) / 64.;
    auto at = [&](double p) {
      Case c = make("quantile", {{"prediction", one(x)}, {"target", one(t)}});
      c.parameters["q"] = p;
      return value(c);
    };
    const double mae = value(make("mae", {{"prediction", one(x)}, {"target", one(t)}}));
    RC_ASSERT(std::abs(at(q) + at(1 - q) - mae) <= 4 * u * mae);
    RC_ASSERT(at(.5) == mae / 2);
  }));
}

TEST_P(Identities, PercentageErrorKnowsNoUnit) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate(), t = moderate(), unit = std::ldexp(1, *rc::gen::inRange(-200, 200));
    const double here = value(make("mape", {{"prediction", one(x)}, {"target", one(t)}}));
    RC_ASSERT(value(make("mape", {{"prediction", one(x * unit)}, {"target", one(t * unit)}})) == here);
    RC_ASSERT(value(make("mape", {{"prediction", one(-x)}, {"target", one(-t)}})) == here);
  }));
}

TEST_P(Identities, LogarithmicErrorKnowsNoUnitOfOnePlusItsNumbers) {
  EXPECT_TRUE(::rc::check([] {
    // 1+x and 1+t are whole, so that both sides have the same quotient.
    const double x = *rc::gen::inRange(1, 1 << 20), t = *rc::gen::inRange(1, 1 << 20),
                 unit = *rc::gen::inRange(2, 64);
    const double here = value(make("msle", {{"prediction", one(x - 1)}, {"target", one(t - 1)}}));
    const double there =
        value(make("msle", {{"prediction", one(x * unit - 1)}, {"target", one(t * unit - 1)}}));
    RC_ASSERT(std::abs(here - there) <= 2 * u * here);
  }));
}

TEST_P(Identities, TweedieDevianceAtItsWholePowers) {
  EXPECT_TRUE(::rc::check([] {
    const double x = std::abs(moderate()), t = std::abs(moderate());
    auto tweedie = [](double mean, double outcome, double power) {
      Case c = make("tweedie_deviance", {{"prediction", one(mean)}, {"target", one(outcome)}});
      c.parameters["power"] = power;
      return value(c);
    };
    RC_ASSERT(tweedie(x, t, 0) == value(make("mse", {{"prediction", one(x)}, {"target", one(t)}})));
    // At 1, twice what the rate form of Poisson's loss is above its minimum at x = t.
    auto poisson = [](double rate, double count) {
      Case c = make("poisson_nll", {{"prediction", one(rate)}, {"target", one(count)}});
      c.parameters["log_input"] = false;
      return value(c);
    };
    const double excess = 2 * (poisson(x, t) - poisson(t, t));
    const double size = x + t * (1 + std::abs(std::log(x)) + std::abs(std::log(t)));
    RC_ASSERT(std::abs(tweedie(x, t, 1) - excess) <= 16 * u * size);
    // At 2 it knows no unit.
    RC_ASSERT(tweedie(4 * x, 4 * t, 2) == tweedie(x, t, 2));
    // Powers next to 1 and 2 are next to those.
    const double r = std::abs(std::log(x / t)) + 1;
    RC_ASSERT(std::abs(tweedie(x, t, 1 + 0x1p-40) / tweedie(x, t, 1) - 1) <=
                  0x1p-38 * (r + std::abs(std::log(x))) ||
              x == t);
    RC_ASSERT(std::abs(tweedie(x, t, 2 - 0x1p-40) / tweedie(x, t, 2) - 1) <=
                  0x1p-38 * (r + std::abs(std::log(x))) ||
              x == t);
  }));
}

TEST_P(Identities, PoissonOfARateIsThatOfItsLogarithm) {
  EXPECT_TRUE(::rc::check([] {
    // e^0 is 1, and adding eps is adding to the rate, but for the rate itself.
    const double t = std::abs(moderate()), eps = *rc::gen::inRange(0, 64) / 64.;
    Case logarithm = make("poisson_nll", {{"prediction", one(0)}, {"target", one(t)}});
    Case rate = make("poisson_nll", {{"prediction", one(1 - eps)}, {"target", one(t)}});
    rate.parameters["log_input"] = false;
    rate.parameters["eps"] = eps;
    RC_ASSERT(value(logarithm) == 1);
    RC_ASSERT(value(rate) == 1 - eps);
  }));
}

// Of degree 2 less the power: 4^k is to the power of 1/2 what 2^k is.
TEST_P(Identities, TweedieDevianceBetweenItsWholePowersIsHomogeneousToo) {
  EXPECT_TRUE(::rc::check([] {
    const double x = std::abs(moderate()), t = std::abs(moderate());
    const int k = *rc::gen::inRange(-40, 41);
    const auto tweedie = [](double mean, double outcome, double power) {
      Case c = make("tweedie_deviance", {{"prediction", one(mean)}, {"target", one(outcome)}});
      c.parameters["power"] = power;
      return value(c);
    };
    const double half = tweedie(x, t, 1.5), quarter = tweedie(x, t, 1.75);
    RC_ASSERT(std::abs(tweedie(std::ldexp(x, 2 * k), std::ldexp(t, 2 * k), 1.5) - std::ldexp(half, k)) <=
              2 * u * std::ldexp(half, k));
    RC_ASSERT(std::abs(tweedie(std::ldexp(x, 4 * k), std::ldexp(t, 4 * k), 1.75) - std::ldexp(quarter, k)) <=
              2 * u * std::ldexp(quarter, k));
  }));
}

// The second derivative in x has the sign of 1 - log(1+x) + log(1+t).
TEST_P(Identities, LogarithmicErrorIsConvexUpToETimesItsTarget) {
  EXPECT_TRUE(::rc::check([] {
    const double t = *rc::gen::inRange(0, 1024) / 32., end = std::exp(1) * (1 + t) - 1;
    const double low = -1 + (1 + end) * *rc::gen::inRange(1, 1025) / 1025.,
                 high = -1 + (1 + end) * *rc::gen::inRange(1, 1025) / 1025.;
    const auto msle = [&](double x) {
      return value(make("msle", {{"prediction", one(x)}, {"target", one(t)}}));
    };
    const double middle = low / 2 + high / 2, chord = msle(low) / 2 + msle(high) / 2;
    // The middle is off by a rounding, and the slope there is 2 log((1+x)/(1+t)) / (1+x).
    const double slope = 2 * std::abs(std::log1p(middle) - std::log1p(t)) / (1 + middle);
    RC_ASSERT(msle(middle) <= chord * (1 + 4 * u) + slope * u * std::abs(middle));
    // And concave beyond.
    const double beyond[] = {end + 1 + t, 2 * (end + 1 + t), 3 * (end + 1 + t)};
    RC_ASSERT(2 * msle(beyond[1]) >= msle(beyond[0]) + msle(beyond[2]));
  }));
}

}  // namespace
}  // namespace assay::tests
