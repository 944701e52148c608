// Identities between losses of two fuzzy sets.
#include "tests/claims/identities/identities.hpp"

namespace assay::tests {
namespace {

/// How far each of a handful of points belongs to a set: ends and dyadic numbers among the others.
std::vector<double> fuzzy_set(std::size_t points) {
  std::vector<double> p(points);
  for (double& x : p) {
    const int kind = *rc::gen::inRange(0, 4);
    x = kind == 0 ? *rc::gen::inRange(0, 2)
                  : *rc::gen::inRange(0, kind == 1 ? 9 : 1 << 20) / (kind == 1 ? 8. : 0x1p20);
  }
  return p;
}

TEST_P(Identities, JaccardIsTwiceDiceOverOnePlusDice) {
  EXPECT_TRUE(::rc::check([] {
    const auto points = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    const auto p = fuzzy_set(points), g = fuzzy_set(points);
    Case dice = make("dice", {{"probability", row(p)}, {"target", row(g)}});
    dice.parameters["squared"] = false;
    const double d = value(dice), j = value(make("jaccard", {{"probability", row(p)}, {"target", row(g)}}));
    RC_ASSERT(std::abs(j - 2 * d / (1 + d)) <= 8 * u * j);
  }));
}

TEST_P(Identities, TverskyIsDiceAndJaccardAtTwoPairsOfWeights) {
  EXPECT_TRUE(::rc::check([] {
    const auto points = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    const auto p = fuzzy_set(points), g = fuzzy_set(points);
    const double smooth = *rc::gen::inRange(0, 17) / 8.;
    Case dice = make("dice", {{"probability", row(p)}, {"target", row(g)}});
    dice.parameters["squared"] = false;
    dice.parameters["smooth"] = 2 * smooth;
    Case jaccard = make("jaccard", {{"probability", row(p)}, {"target", row(g)}});
    jaccard.parameters["smooth"] = smooth;
    Case tversky = make("tversky", {{"probability", row(p)}, {"target", row(g)}});
    tversky.parameters["smooth"] = smooth;
    const double half = value(tversky), d = value(dice), j = value(jaccard);
    tversky.parameters["alpha"] = tversky.parameters["beta"] = 1.;
    const double whole = value(tversky);
    RC_ASSERT(std::abs(half - d) <= 2 * u * d);
    RC_ASSERT(std::abs(whole - j) <= 2 * u * j);
  }));
}

TEST_P(Identities, TverskySeenFromTheOtherSideExchangesItsWeights) {
  EXPECT_TRUE(::rc::check([] {
    const auto points = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    const auto p = fuzzy_set(points), g = fuzzy_set(points);
    Case one = make("tversky", {{"probability", row(p)}, {"target", row(g)}});
    one.parameters["alpha"] = .25;
    one.parameters["beta"] = 3.;
    Case other = make("tversky", {{"probability", row(g)}, {"target", row(p)}});
    other.parameters["alpha"] = 3.;
    other.parameters["beta"] = .25;
    const double v = value(one);
    RC_ASSERT(std::abs(v - value(other)) <= 2 * u * v);
  }));
}

TEST_P(Identities, OverlapOfHardSetsIsCounted) {
  EXPECT_TRUE(::rc::check([] {
    const auto points = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    std::vector<double> p(points), g(points);
    double both = 0, only_p = 0, only_g = 0;
    for (std::size_t i = 0; i < points; ++i) {
      p[i] = *rc::gen::inRange(0, 2);
      g[i] = *rc::gen::inRange(0, 2);
      both += p[i] * g[i];
      only_p += p[i] * (1 - g[i]);
      only_g += (1 - p[i]) * g[i];
    }
    // 1 less the F1 score, 1 less the fraction of the union; two empty sets overlap wholly.
    const double wrong = only_p + only_g, all = both + wrong;
    const double f1 = all == 0 ? 0 : wrong / (2 * both + wrong), jaccard = all == 0 ? 0 : wrong / all;
    for (const bool squared : {false, true}) {
      Case dice = make("dice", {{"probability", row(p)}, {"target", row(g)}});
      dice.parameters["squared"] = squared;
      RC_ASSERT(std::abs(value(dice) - f1) <= 2 * u * f1);
      RC_ASSERT((value(dice) == 0) == (p == g));
    }
    const double j = value(make("jaccard", {{"probability", row(p)}, {"target", row(g)}}));
    const double t = value(make("tversky", {{"probability", row(p)}, {"target", row(g)}}));
    RC_ASSERT(std::abs(j - jaccard) <= 2 * u * j && (j == 0) == (p == g));
    RC_ASSERT(std::abs(t - f1) <= 2 * u * t && (t == 0) == (p == g));
  }));
}

}  // namespace
}  // namespace assay::tests
