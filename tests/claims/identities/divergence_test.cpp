// Identities between entropy, cross-entropy and the divergences.
#include "tests/claims/identities/identities.hpp"

namespace assay::tests {
namespace {

TEST_P(Identities, KlIsCrossEntropyLessEntropy) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    const auto p = distribution(classes), q = without_zeros(distribution(classes));
    const double kl = value(make("kl_divergence", {{"target", row(p)}, {"probability", row(q)}}));
    const double ce = value(make("categorical_cross_entropy", {{"probability", row(q)}, {"target", row(p)}}));
    const double h = value(make("entropy", {{"p", row(p)}}));
    // Each number is within an ulp; the subtraction here rounds once more.
    RC_ASSERT(std::abs(kl - (ce - h)) <= 2 * u * (kl + ce + h) + 2 * u * std::abs(ce - h));
  }));
}

TEST_P(Identities, BrierIsTheSumOfSquaredErrors) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    const auto p = distribution(classes), t = distribution(classes);
    const double brier = value(make("brier", {{"probability", row(p)}, {"target", row(t)}}));
    const double squares = value(make("mse", {{"prediction", row(p)}, {"target", row(t)}}));
    RC_ASSERT(std::abs(brier - squares) <= 2 * u * squares);
  }));
}

TEST_P(Identities, BrierOfAForecastIsLeastInTheMeanWhereItIsTheTruth) {
  EXPECT_TRUE(::rc::check([] {
    // A proper score: with y drawn from t, the mean of brier(p, y) is brier(p, t) + 1 - sum t^2.
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    const auto p = distribution(classes), t = distribution(classes);
    double mean = 0, squares = 0;
    for (std::size_t y = 0; y < classes; ++y) {
      std::vector<double> one_hot(classes, 0);
      one_hot[y] = 1;
      mean += t[y] * value(make("brier", {{"probability", row(p)}, {"target", row(one_hot)}}));
      squares += t[y] * t[y];
    }
    const double own = value(make("brier", {{"probability", row(p)}, {"target", row(t)}}));
    RC_ASSERT(std::abs(mean - (own + 1 - squares)) <= 32 * u);
  }));
}

TEST_P(Identities, GibbsInequalityHoldsForDistributions) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    const auto p = distribution(classes), q = distribution(classes);
    const double kl = value(make("kl_divergence", {{"target", row(p)}, {"probability", row(q)}}));
    RC_ASSERT(kl >= 0);
    RC_ASSERT((kl == 0) == (p == q));
  }));
}

TEST_P(Identities, JensenShannonIsEntropyOfTheMiddleLessTheMeanEntropy) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    const auto p = distribution(classes), q = distribution(classes);
    std::vector<double> m(classes);
    for (std::size_t c = 0; c < classes; ++c) m[c] = (p[c] + q[c]) / 2;  // exact: parts of 2^20
    const double js = value(make("js_divergence", {{"p", row(p)}, {"q", row(q)}}));
    const double of_m = value(make("entropy", {{"p", row(m)}})),
                 of_p = value(make("entropy", {{"p", row(p)}})),
                 of_q = value(make("entropy", {{"p", row(q)}}));
    RC_ASSERT(std::abs(js - (of_m - (of_p + of_q) / 2)) <= 4 * u * (of_m + of_p + of_q));
    RC_ASSERT(js <= std::log(2.));
    RC_ASSERT((js == 0) == (p == q));
  }));
}

TEST_P(Identities, EntropiesAndDivergencesOfIndependentPairsAdd) {
  EXPECT_TRUE(::rc::check([] {
    const auto p = distribution(3), q = without_zeros(distribution(3)), r = distribution(2),
               s = without_zeros(distribution(2));
    std::vector<double> pr, qs;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 2; ++j) {
        pr.push_back(p[i] * r[j]);  // exact: parts of 2^40
        qs.push_back(q[i] * s[j]);  // and of 2^60, with 30 digits
      }
    const auto entropy = [](const std::vector<double>& of) {
      return value(make("entropy", {{"p", row(of)}}));
    };
    const auto kl = [](const std::vector<double>& of, const std::vector<double>& from) {
      return value(make("kl_divergence", {{"target", row(of)}, {"probability", row(from)}}));
    };
    const double h = entropy(pr), d = kl(pr, qs);
    RC_ASSERT(std::abs(h - (entropy(p) + entropy(r))) <= 4 * u * h);
    const double parts[] = {kl(p, q), kl(r, s)};
    RC_ASSERT(std::abs(d - (parts[0] + parts[1])) <=
              4 * u * (std::abs(d) + std::abs(parts[0]) + std::abs(parts[1])));
  }));
}

}  // namespace
}  // namespace assay::tests
