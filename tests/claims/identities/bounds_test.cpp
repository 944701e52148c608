// Inequalities between losses, as sharp as they are known.
#include <algorithm>

#include "tests/claims/identities/identities.hpp"

namespace assay::tests {
namespace {

double of_residual(const char* loss, double r, const char* parameter = nullptr, double at = 0) {
  Case c = make(loss, {{"prediction", one(r)}, {"target", one(0)}});
  if (parameter) c.parameters[parameter] = at;
  return Identities::value(c);
}

TEST_P(Identities, SoftplusIsAboveThePositivePartByLog2AtMost) {
  EXPECT_TRUE(::rc::check([] {
    const double x = *rc::gen::arbitrary<bool>() ? moderate() : 0;
    const double part = std::max(x, 0.), v = value(make("softplus", {{"x", one(x)}}));
    RC_ASSERT(v >= part);
    RC_ASSERT(v - part <= std::log(2.) + 2 * u * v);
    RC_ASSERT(x != 0 || std::abs(v - std::log(2.)) <= 2 * u);
  }));
}

TEST_P(Identities, LogSumExpIsAboveTheMaximumByTheLogOfTheirCountAtMost) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    const bool equal = *rc::gen::inRange(0, 4) == 0;
    std::vector<double> x(classes, moderate());
    for (double& each : x) each = equal ? x[0] : moderate();
    const double most = *std::max_element(x.begin(), x.end());
    const double v = value(make("log_sum_exp", {{"x", row(x)}})),
                 count = std::log(static_cast<double>(classes));
    RC_ASSERT(v >= most);
    RC_ASSERT(v - most <= count + 4 * u * (std::abs(v) + count));
    RC_ASSERT(!equal || std::abs(v - most - count) <= 4 * u * (std::abs(v) + count));
  }));
}

TEST_P(Identities, HuberIsBetweenItsTangentsAndItsTwoLosses) {
  EXPECT_TRUE(::rc::check([] {
    const double r = moderate(), delta = std::abs(moderate());
    const double h = of_residual("huber", r, "delta", delta), size = delta * std::abs(r);
    RC_ASSERT(h >= 0);
    RC_ASSERT(h >= (size - delta * delta / 2) - 2 * u * (size + delta * delta));
    RC_ASSERT(h <= std::min(of_residual("mse", r) / 2, size) * (1 + 4 * u));
  }));
}

// Moreau's envelope: the least of (r-s)^2/2 + delta |s| is where s is r less delta, or 0.
TEST_P(Identities, HuberIsTheEnvelopeOfTheAbsoluteError) {
  EXPECT_TRUE(::rc::check([] {
    const double r = *rc::gen::inRange(-4096, 4097) * 0x1p-6, delta = *rc::gen::inRange(1, 4097) * 0x1p-8;
    const auto at = [&](double s) { return of_residual("mse", r - s) / 2 + delta * of_residual("mae", s); };
    const double h = of_residual("huber", r, "delta", delta);
    const double best = r > delta ? r - delta : r < -delta ? r + delta : 0;
    RC_ASSERT(std::abs(h - at(best)) <= 4 * u * h);
    RC_ASSERT(h <= at(*rc::gen::inRange(-4096, 4097) * 0x1p-6) * (1 + 4 * u));
  }));
}

TEST_P(Identities, LogCoshIsBetweenTheAbsoluteErrorLessLog2AndTheSmallerOfTwo) {
  EXPECT_TRUE(::rc::check([] {
    const double r = moderate(), size = std::abs(r), v = of_residual("log_cosh", r);
    RC_ASSERT(v >= size - std::log(2.) - 2 * u * (size + 1));
    RC_ASSERT(v <= size);
    RC_ASSERT(v <= of_residual("mse", r) / 2 * (1 + 4 * u));
  }));
}

TEST_P(Identities, SmoothL1OfALittleBetaIsTheAbsoluteError) {
  EXPECT_TRUE(::rc::check([] {
    const double r = moderate(), size = std::abs(r);
    RC_ASSERT(of_residual("smooth_l1", r, "beta", std::ldexp(size, -60)) == size);
    RC_ASSERT(of_residual("smooth_l1", r, "beta", 1) == of_residual("huber", r, "delta", 1));
    RC_ASSERT(of_residual("smooth_l1", r, "beta", size) == size / 2);
  }));
}

TEST_P(Identities, EntropyIsAtMostTheLogOfTheCount) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    const double most = std::log(static_cast<double>(classes));
    RC_ASSERT(value(make("entropy", {{"p", row(distribution(classes))}})) <= most * (1 + 2 * u));
    // Eighths are exact, and as spread as can be.
    RC_ASSERT(std::abs(value(make("entropy", {{"p", row(std::vector<double>(8, .125))}})) - std::log(8.)) <=
              4 * u * std::log(8.));
  }));
}

TEST_P(Identities, DivergenceIsAtLeastHalfTheSquareOfTheDistance) {  // Pinsker
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    const auto p = distribution(classes), q = distribution(classes);
    double distance = 0;  // exact: parts of 2^20
    for (std::size_t c = 0; c < classes; ++c) distance += std::abs(p[c] - q[c]);
    const double kl = value(make("kl_divergence", {{"target", row(p)}, {"probability", row(q)}}));
    RC_ASSERT(kl >= distance * distance / 2 * (1 - 4 * u));
  }));
}

TEST_P(Identities, MarginLossesAreAboveTheErrorRate) {
  EXPECT_TRUE(::rc::check([] {
    const double x = *rc::gen::arbitrary<bool>() ? moderate() : *rc::gen::inRange(-64, 65) / 32.;
    const double t = *rc::gen::element(-1., 1.);
    const double wrong = t * x <= 0 ? 1 : 0;
    for (const char* loss : {"hinge", "squared_hinge", "exponential"})
      RC_ASSERT(value(make(loss, {{"score", one(x)}, {"target", one(t)}})) >= wrong);
    RC_ASSERT(value(make("soft_margin", {{"score", one(x)}, {"target", one(t)}})) >=
              wrong * std::log(2.) * (1 - 2 * u));
  }));
}

TEST_P(Identities, FocalLossesFallAsTheyFocus) {
  EXPECT_TRUE(::rc::check([] {
    const double x = *rc::gen::inRange(-640, 641) / 16., t = *rc::gen::inRange(0, 17) / 16.;
    const double less = *rc::gen::inRange(0, 65) / 16., more = less + *rc::gen::inRange(0, 65) / 16.;
    const auto binary = [&](double gamma) {
      Case c = make("binary_focal_with_logits", {{"logits", one(x)}, {"target", one(t)}});
      c.parameters["gamma"] = gamma;
      return value(c);
    };
    const auto categorical = [&](double gamma) {
      Case c = make("focal_with_logits", {{"logits", row({x, 0, 1})}, {"labels", labels({1}, {0})}});
      c.parameters["gamma"] = gamma;
      return value(c);
    };
    RC_ASSERT(binary(more) <= binary(less) * (1 + 2 * u));
    RC_ASSERT(categorical(more) <= categorical(less) * (1 + 2 * u));
  }));
}

TEST_P(Identities, JaccardIsBetweenDiceAndTwiceDice) {
  EXPECT_TRUE(::rc::check([] {
    const auto points = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    std::vector<double> p(points), g(points);
    for (std::vector<double>* set : {&p, &g})
      for (double& x : *set) x = *rc::gen::inRange(0, 65) / 64.;
    Case dice = make("dice", {{"probability", row(p)}, {"target", row(g)}});
    dice.parameters["squared"] = false;
    const double d = value(dice), j = value(make("jaccard", {{"probability", row(p)}, {"target", row(g)}}));
    RC_ASSERT(j >= d * (1 - 2 * u) && j <= 2 * d * (1 + 2 * u));
  }));
}

}  // namespace
}  // namespace assay::tests
