// Identities between entropy, cross-entropy and the divergences.
#include "tests/identities/identities.hpp"

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

}  // namespace
}  // namespace assay::tests
