// Where losses are least, and what they come to there.
#include <algorithm>

#include "tests/claims/identities/identities.hpp"

namespace assay::tests {
namespace {

/// Whole numbers, so that their sums are exact.
std::vector<double> whole(std::size_t count) {
  std::vector<double> out(count);
  for (double& x : out) x = *rc::gen::inRange(-100, 101);
  return out;
}

TEST_P(Identities, MeanSquaredErrorIsTheVarianceAndTheSquareOfTheBias) {
  EXPECT_TRUE(::rc::check([] {
    const std::vector<double> t = whole(8);
    double mean = 0, squares = 0;
    for (const double x : t) mean += x / 8, squares += x * x / 8;
    const double at = *rc::gen::inRange(-1000, 1001) / 8.;
    const Case c =
        make("mse", {{"prediction", reals({8}, std::vector<double>(8, at))}, {"target", reals({8}, t)}},
             Reduction::mean);
    RC_ASSERT(value(c) == (squares - mean * mean) + (at - mean) * (at - mean));
  }));
}

TEST_P(Identities, QuantileLossIsLeastAtTheQuantileAndTheAbsoluteErrorAtTheMedian) {
  EXPECT_TRUE(::rc::check([] {
    std::vector<double> t = whole(7);
    const auto total = [&](const char* loss, double at, double q) {
      Case c =
          make(loss, {{"prediction", reals({7}, std::vector<double>(7, at))}, {"target", reals({7}, t)}});
      if (std::string_view(loss) == "quantile") c.parameters["q"] = q;
      return value(c);
    };
    std::sort(t.begin(), t.end());
    const double elsewhere = *rc::gen::inRange(-800, 801) / 8.;
    RC_ASSERT(total("mae", t[3], 0) <= total("mae", elsewhere, 0));
    // Of seven, the k-th is a q-quantile for every q from (k-1)/7 to k/7.
    const std::size_t k = static_cast<std::size_t>(*rc::gen::inRange(0, 7));
    const double q = (static_cast<double>(k) + .5) / 7;
    const double least = total("quantile", t[k], q);
    RC_ASSERT(least <= total("quantile", elsewhere, q) + 4 * u * least);
  }));
}

TEST_P(Identities, QuantileLossHasTwoSlopesAndASideForEach) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate(), t = moderate(), q = *rc::gen::inRange(1, 64) / 64.;
    const auto ask = [](double prediction, double target, double at) {
      Case c = make("quantile", {{"prediction", one(prediction)}, {"target", one(target)}});
      c.parameters["q"] = at;
      c.wrt = {"prediction"};
      return answer(c);
    };
    const Answer here = ask(x, t, q);
    // At the target the maximum is tied, and both slopes share it.
    RC_ASSERT(here.gradient.at("prediction").real[0] == (x > t ? 1 - q : x < t ? -q : .5 - q));
    RC_ASSERT(here.value.real[0] == ask(t, x, 1 - q).value.real[0]);
  }));
}

TEST_P(Identities, PoissonLossIsLeastWhereTheRateIsTheCount) {
  EXPECT_TRUE(::rc::check([] {
    const double t = *rc::gen::inRange(0, 4096) / 64., x = *rc::gen::inRange(-512, 513) / 64.;
    const auto poisson = [&](double prediction, bool logarithm) {
      Case c = make("poisson_nll", {{"prediction", one(prediction)}, {"target", one(t)}});
      c.parameters["log_input"] = logarithm;
      return value(c);
    };
    const double least = t > 0 ? t - t * std::log(t) : 0, size = t > 0 ? t * (1 + std::abs(std::log(t))) : 0;
    RC_ASSERT(std::abs(poisson(t, false) - least) <= 4 * u * size);
    RC_ASSERT(poisson(x, true) >= least - 4 * u * size);
    RC_ASSERT(poisson(std::abs(x), false) >= least - 4 * u * size);
    // One loss of a rate and of its logarithm, which is rounded: e^x is off by x roundings, x t by one.
    const double rate = std::exp(x), same = poisson(x, true);
    RC_ASSERT(std::abs(same - poisson(rate, false)) <= 4 * u * (rate + t * (1 + std::abs(x))));
  }));
}

TEST_P(Identities, GaussianLossIsLeastWhereTheVarianceIsTheSquaredError) {
  EXPECT_TRUE(::rc::check([] {
    const double r = *rc::gen::inRange(1, 4096) / 64., v = std::abs(moderate());
    const auto gaussian = [&](double variance, bool full) {
      Case c =
          make("gaussian_nll", {{"prediction", one(r)}, {"target", one(0)}, {"variance", one(variance)}});
      c.parameters["full"] = full;
      return value(c);
    };
    const double least = std::log(r) + .5;
    RC_ASSERT(std::abs(gaussian(r * r, false) - least) <= 4 * u * (std::abs(least) + 1));
    RC_ASSERT(gaussian(v, false) >= least - 4 * u * (std::abs(least) + 1));
    // A unit variance leaves half the squared error.
    RC_ASSERT(gaussian(1, false) == r * r / 2);
    const double constant = std::log(2 * std::acos(-1)) / 2;
    const double more = gaussian(v, true) - gaussian(v, false);
    RC_ASSERT(std::abs(more - constant) <= 4 * u * (std::abs(gaussian(v, true)) + 1));
  }));
}

TEST_P(Identities, CrossEntropyOfLogitsIsTheTargetsEntropyAndItsDivergenceFromTheSoftmax) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    std::vector<double> z(classes);
    for (double& each : z) each = *rc::gen::inRange(-4096, 4097) * 0x1p-9;
    const auto y = distribution(classes);
    const double ce =
        value(make("categorical_cross_entropy_with_logits", {{"logits", row(z)}, {"target", row(y)}}));
    const double h = value(make("entropy", {{"p", row(y)}}));
    const Answer shares = answer(make("softmax", {{"x", row(z)}}, Reduction::none));
    const double kl =
        value(make("kl_divergence", {{"target", row(y)}, {"probability", row(shares.value.real)}}));
    // Rounding a share moves the divergence by a rounding of its target, and these sum to one.
    RC_ASSERT(std::abs(ce - (h + kl)) <= 2 * u * (ce + h + std::abs(kl)) + 2 * u);
    RC_ASSERT(ce >= h * (1 - 4 * u));
  }));
}

TEST_P(Identities, BinaryCrossEntropyIsItsEntropyAndDivergenceAndThatOfTwoClasses) {
  EXPECT_TRUE(::rc::check([] {
    const double p = *rc::gen::inRange(0, 1025) / 1024., t = *rc::gen::inRange(0, 1025) / 1024.;
    const auto bce = [](double probability, double target) {
      return value(
          make("binary_cross_entropy", {{"probability", one(probability)}, {"target", one(target)}}));
    };
    const double v = bce(p, t);
    const double other_side = bce(1 - p, 1 - t);
    RC_ASSERT(v == other_side || std::abs(v - other_side) <= 2 * u * v);
    RC_ASSERT((v == 0) == (p == t && (t == 0 || t == 1)));
    RC_ASSERT(std::abs(bce(.5, t) - std::log(2.)) <= 2 * u);
    const double two = value(
        make("categorical_cross_entropy", {{"probability", row({p, 1 - p})}, {"target", row({t, 1 - t})}}));
    const double kl =
        value(make("kl_divergence", {{"target", row({t, 1 - t})}, {"probability", row({p, 1 - p})}}));
    const double h = value(make("entropy", {{"p", row({t, 1 - t})}}));
    RC_ASSERT(v == two || std::abs(v - two) <= 2 * u * v);
    RC_ASSERT(v == h + kl || std::abs(v - (h + kl)) <= 2 * u * (v + h + kl));
    RC_ASSERT(std::abs(bce(t, t) - h) <= 2 * u * h);
    RC_ASSERT(v >= h * (1 - 2 * u));
  }));
}

TEST_P(Identities, ExponentialLossIsLeastAtHalfTheLogOdds) {
  EXPECT_TRUE(::rc::check([] {
    const double p = *rc::gen::inRange(1, 1024) / 1024., s = *rc::gen::inRange(-512, 513) / 64.;
    const auto expected = [&](double score) {
      const Answer both =
          answer(make("exponential", {{"score", reals({2}, {score, score})}, {"target", reals({2}, {1, -1})}},
                      Reduction::none));
      RC_ASSERT(std::abs(both.value.real[0] * both.value.real[1] - 1) <= 6 * u);
      return p * both.value.real[0] + (1 - p) * both.value.real[1];
    };
    const double least = 2 * std::sqrt(p * (1 - p));
    // The slope is 0 there, so that the score's own rounding does not count.
    RC_ASSERT(std::abs(expected(std::log(p / (1 - p)) / 2) - least) <= 8 * u * least);
    RC_ASSERT(expected(s) >= least * (1 - 8 * u));
  }));
}

}  // namespace
}  // namespace assay::tests
