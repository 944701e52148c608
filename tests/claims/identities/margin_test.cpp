// Identities between losses of scores and a margin.
#include "tests/claims/identities/identities.hpp"

namespace assay::tests {
namespace {

TEST_P(Identities, MarginLossesOfTwoClassesAreTheHingeOfTheDifference) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate();
    const double hinge = value(make("hinge", {{"score", one(x)}, {"target", one(1)}}));
    const double multi = value(make("multi_margin", {{"score", row({x, 0})}, {"labels", labels({1}, {0})}}));
    const double categorical =
        value(make("categorical_hinge", {{"score", row({0, x})}, {"target", row({0, 1})}}));
    RC_ASSERT(multi == hinge / 2);
    RC_ASSERT(categorical == hinge);
  }));
}

TEST_P(Identities, MultilabelMarginOfOneLabelIsTheMultiMargin) {
  EXPECT_TRUE(::rc::check([] {
    const std::int64_t classes = *rc::gen::inRange<std::int64_t>(1, 9);
    const std::int64_t y = *rc::gen::inRange<std::int64_t>(0, classes);
    std::vector<double> x(static_cast<std::size_t>(classes));
    for (double& each : x) each = moderate();
    std::vector<std::int64_t> list(x.size(), -1);
    list[0] = y;
    const double multi = value(make("multi_margin", {{"score", row(x)}, {"labels", labels({1}, {y})}}));
    const double multilabel =
        value(make("multilabel_margin", {{"score", row(x)}, {"labels", labels({1, classes}, list)}}));
    RC_ASSERT(multi == multilabel);

    // Crammer and Singer's loss is the largest of the terms that Weston and Watkins' adds up.
    std::vector<double> t(x.size(), 0);
    t[static_cast<std::size_t>(y)] = 1;
    const double categorical = value(make("categorical_hinge", {{"score", row(x)}, {"target", row(t)}}));
    RC_ASSERT(categorical <= multi * static_cast<double>(classes) * (1 + 4 * u));
    RC_ASSERT((categorical == 0) == (multi == 0));
  }));
}

TEST_P(Identities, SquaredHingeIsTheHingeSquared) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate(), t = *rc::gen::element(-1., 1.);
    const double h = value(make("hinge", {{"score", one(x)}, {"target", one(t)}}));
    const double s = value(make("squared_hinge", {{"score", one(x)}, {"target", one(t)}}));
    RC_ASSERT(std::abs(s - h * h) <= 4 * u * s);
  }));
}

TEST_P(Identities, HingeEmbeddingOfPairsApartIsTheHinge) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate();
    RC_ASSERT(value(make("hinge_embedding", {{"distance", one(x)}, {"target", one(-1)}})) ==
              value(make("hinge", {{"score", one(x)}, {"target", one(1)}})));
    RC_ASSERT(value(make("hinge_embedding", {{"distance", one(x)}, {"target", one(1)}})) == x);
  }));
}

TEST_P(Identities, MarginRankingKnowsNoSideAndIsTheHingeAtAMarginOfOne) {
  EXPECT_TRUE(::rc::check([] {
    const double a = moderate(), b = moderate(), t = *rc::gen::element(-1., 1.);
    auto ranking = [](double x1, double x2, double label, double margin) {
      Case c = make("margin_ranking", {{"x1", one(x1)}, {"x2", one(x2)}, {"target", one(label)}});
      c.parameters["margin"] = margin;
      return value(c);
    };
    const double margin = moderate();
    RC_ASSERT(ranking(a, b, t, margin) == ranking(b, a, -t, margin));
    RC_ASSERT(ranking(a, 0, t, 1) == value(make("hinge", {{"score", one(a)}, {"target", one(t)}})));
  }));
}

TEST_P(Identities, MarginLossesSeeTheProductOfScoreAndLabel) {
  EXPECT_TRUE(::rc::check([] {
    const double x = *rc::gen::inRange(0, 4) == 0 ? *rc::gen::element(-1., 0., 1.) : moderate();
    for (const char* loss : {"hinge", "squared_hinge", "soft_margin", "exponential"})
      RC_ASSERT(value(make(loss, {{"score", one(x)}, {"target", one(1)}})) ==
                value(make(loss, {{"score", one(-x)}, {"target", one(-1)}})));
    // A hinge is 0 exactly where the margin is reached.
    RC_ASSERT((value(make("hinge", {{"score", one(x)}, {"target", one(1)}})) == 0) == (x >= 1));
  }));
}

TEST_P(Identities, MulticlassHingesAreZeroExactlyWhereEveryMarginIsReached) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
    const auto y = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(classes)));
    std::vector<double> x(classes), t(classes, 0);
    for (double& each : x) each = *rc::gen::inRange(-16, 17) / 8.;
    x[y] += *rc::gen::inRange(0, 33) / 8.;
    t[y] = 1;
    bool reached = true;
    for (std::size_t k = 0; k < classes; ++k) reached = reached && (k == y || x[y] >= x[k] + 1);
    const Tensor label = labels({1}, {static_cast<std::int64_t>(y)});
    RC_ASSERT((value(make("categorical_hinge", {{"score", row(x)}, {"target", row(t)}})) == 0) == reached);
    RC_ASSERT((value(make("multi_margin", {{"score", row(x)}, {"labels", label}})) == 0) == reached);
  }));
}

}  // namespace
}  // namespace assay::tests
