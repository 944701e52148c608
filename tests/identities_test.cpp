// Identities between losses, on the kernels and on the reference: what holds for every input holds for these.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "tests/answers.hpp"

namespace assay::tests {
namespace {

constexpr double u = 0x1p-53;

struct Subject {
  const char* name;
  Answer (*ask)(const Case&);
};

class Identities : public ::testing::TestWithParam<Subject> {
 protected:
  static double value(const Case& c) {
    const Answer a = GetParam().ask(c);
    RC_ASSERT(a.outcome == Answer::Outcome::answered);
    return a.value.real.at(0);
  }
};

Case make(const char* loss, std::map<std::string, Tensor> inputs, Reduction reduction = Reduction::sum) {
  Case c;
  c.loss = loss;
  c.reduction = reduction;
  c.inputs = std::move(inputs);
  return c;
}

/// Any double between 2^-30 and 2^30 in size, with either sign.
double moderate() {
  const double significand =
      1 + static_cast<double>(*rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 52)) * 0x1p-52;
  const double x = std::ldexp(significand, *rc::gen::inRange(-30, 30));
  return *rc::gen::arbitrary<bool>() ? x : -x;
}

/// A row of probabilities that sums to one exactly: parts of 2^20, zeros among them.
std::vector<double> distribution(std::size_t classes) {
  std::vector<double> p(classes, 0);
  int left = 1 << 20;
  for (std::size_t c = 0; c + 1 < classes; ++c) {
    const int part = *rc::gen::inRange(0, 4) == 0 ? 0 : *rc::gen::inRange(0, left + 1);
    p[c] = part * 0x1p-20;
    left -= part;
  }
  p.back() = left * 0x1p-20;
  return p;
}

std::vector<double> without_zeros(std::vector<double> p) {
  for (double& x : p)
    if (x == 0) x = 0x1p-30;
  return p;
}

Tensor row(std::vector<double> numbers) {
  const auto n = static_cast<std::int64_t>(numbers.size());
  return reals({1, n}, std::move(numbers));
}
Tensor one(double x) { return reals({1}, {x}); }

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
    const double h = value(huber), s = delta * value(smooth);
    RC_ASSERT(std::abs(h - s) <= 2 * u * h);
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

TEST_P(Identities, SparseAndDenseCrossEntropyAgree) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    std::vector<double> x(classes), t(classes, 0);
    for (double& each : x) each = moderate();
    const auto y = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(classes)));
    t[y] = 1;
    const double sparse =
        value(make("sparse_categorical_cross_entropy_with_logits",
                   {{"logits", row(x)}, {"labels", labels({1}, {static_cast<std::int64_t>(y)})}}));
    const double dense =
        value(make("categorical_cross_entropy_with_logits", {{"logits", row(x)}, {"target", row(t)}}));
    RC_ASSERT(std::abs(sparse - dense) <= 2 * u * dense + 0x1p-1074);
  }));
}

TEST_P(Identities, NllOfTheLogSoftmaxIsSparseCrossEntropy) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    std::vector<double> x(classes);
    for (double& each : x) each = moderate();
    const Tensor y = labels({1}, {*rc::gen::inRange<std::int64_t>(0, static_cast<std::int64_t>(classes))});
    const Answer logs = GetParam().ask(make("log_softmax", {{"x", row(x)}}, Reduction::none));
    const double nll = value(make("nll", {{"log_probability", row(logs.value.real)}, {"labels", y}}));
    const double ce =
        value(make("sparse_categorical_cross_entropy_with_logits", {{"logits", row(x)}, {"labels", y}}));
    RC_ASSERT(std::abs(nll - ce) <= 2 * u * ce + 0x1p-1074);
  }));
}

TEST_P(Identities, LogSoftmaxIsTheLogarithmOfTheSoftmax) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    std::vector<double> x(classes);
    for (double& each : x) each = moderate();
    const std::vector<double> logs = GetParam().ask(make("log_softmax", {{"x", row(x)}}, Reduction::none)).value.real;
    const std::vector<double> shares = GetParam().ask(make("softmax", {{"x", row(x)}}, Reduction::none)).value.real;
    // Rounding its argument moves e^l by l roundings.
    for (std::size_t c = 0; c < classes; ++c)
      RC_ASSERT(std::abs(std::exp(logs[c]) - shares[c]) <= (2 - 2 * logs[c]) * u * shares[c] + 0x1p-1073);
  }));
}

TEST_P(Identities, SparseCrossEntropyOfProbabilitiesIsThatOfAOneHotTarget) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    const auto p = distribution(classes);
    const auto y = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(classes)));
    std::vector<double> t(classes, 0);
    t[y] = 1;
    const double sparse = value(make("sparse_categorical_cross_entropy",
                                     {{"probability", row(p)}, {"labels", labels({1}, {static_cast<std::int64_t>(y)})}}));
    const double dense = value(make("categorical_cross_entropy", {{"probability", row(p)}, {"target", row(t)}}));
    RC_ASSERT(sparse == dense || std::abs(sparse - dense) <= 2 * u * dense);
  }));
}

TEST_P(Identities, MarginLossesOfTwoClassesAreTheHingeOfTheDifference) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate();
    const double hinge = value(make("hinge", {{"score", one(x)}, {"target", one(1)}}));
    const double multi = value(make("multi_margin", {{"score", row({x, 0})}, {"labels", labels({1}, {0})}}));
    const double categorical = value(make("categorical_hinge", {{"score", row({0, x})}, {"target", row({0, 1})}}));
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

TEST_P(Identities, MultilabelSoftMarginIsTheMeanOfBinaryCrossEntropies) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    std::vector<double> x(classes);
    for (double& each : x) each = moderate();
    const auto t = distribution(classes);
    const double multilabel = value(make("multilabel_soft_margin", {{"logits", row(x)}, {"target", row(t)}}));
    const double binary =
        value(make("binary_cross_entropy_with_logits", {{"logits", row(x)}, {"target", row(t)}}, Reduction::mean));
    RC_ASSERT(std::abs(multilabel - binary) <= 2 * u * binary);
  }));
}

/// A row of scores within 16 of each other and one of its classes.
std::map<std::string, Tensor> scores_and_label() {
  const std::int64_t classes = *rc::gen::inRange<std::int64_t>(1, 7);
  std::vector<double> x(static_cast<std::size_t>(classes));
  for (double& each : x) each = *rc::gen::inRange(-4096, 4097) * 0x1p-9;
  return {{"logits", row(x)}, {"labels", labels({1}, {*rc::gen::inRange<std::int64_t>(0, classes)})}};
}

TEST_P(Identities, FocalLossLiesBelowCrossEntropyAndMeetsItAtGammaZero) {
  EXPECT_TRUE(::rc::check([] {
    const auto inputs = scores_and_label();
    const double ce = value(make("sparse_categorical_cross_entropy_with_logits", inputs));
    Case focal = make("focal_with_logits", inputs);
    focal.parameters["gamma"] = 0.;
    RC_ASSERT(std::abs(value(focal) - ce) <= 2 * u * ce);
    const double gamma = *rc::gen::inRange(1, 65) / 16.;
    focal.parameters["gamma"] = gamma;
    const double once = value(focal);
    RC_ASSERT(once <= ce * (1 + 2 * u));
    focal.parameters["gamma"] = 2 * gamma;  // the factor is squared
    RC_ASSERT(std::abs(value(focal) * ce - once * once) <= 8 * u * once * once);
  }));
}

TEST_P(Identities, PolyLossIsCrossEntropyAndWhatEpsilonAdds) {
  EXPECT_TRUE(::rc::check([] {
    const auto inputs = scores_and_label();
    const double ce = value(make("sparse_categorical_cross_entropy_with_logits", inputs));
    const double a = *rc::gen::inRange(0, 65) / 16., b = *rc::gen::inRange(0, 65) / 16.;
    auto poly = [&](std::vector<double> epsilon, bool divided) {
      Case c = make("poly_cross_entropy_with_logits", inputs);
      c.parameters["epsilon"] = std::move(epsilon);
      c.parameters["divide_by_degree"] = divided;
      return value(c);
    };
    RC_ASSERT(std::abs(poly({}, false) - ce) <= 2 * u * ce);
    const double both = poly({a, b}, false), first = poly({a}, true), second = poly({0, b}, false);
    RC_ASSERT(std::abs(both + ce - (first + second)) <= 8 * u * both);
    RC_ASSERT(poly({a, 2 * b}, true) == both);
    // -log p is the sum of (1-p)^i / i: without its first three degrees it is still not below 0, nor above itself.
    const double tail = poly({-1, -1, -1}, true);
    RC_ASSERT(tail >= 0 && tail <= ce);
  }));
}

TEST_P(Identities, TwoClassSoftmaxIsTheSigmoid) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate();
    const Case two = make("softmax", {{"x", row({x, 0})}}, Reduction::none);
    RC_ASSERT(std::abs(value(two) - value(make("sigmoid", {{"x", one(x)}}))) <=
              2 * u * value(two) + 0x1p-1074);
  }));
}

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

std::vector<double> embedding(std::size_t features) {
  std::vector<double> x(features);
  for (double& each : x) each = *rc::gen::inRange(-64, 65) / 8.;
  return x;
}

TEST_P(Identities, CosineEmbeddingOfAlikeRowsIsTheCosineDistance) {
  EXPECT_TRUE(::rc::check([] {
    const auto features = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
    const auto x = embedding(features), y = embedding(features);
    const double distance = value(make("cosine_distance", {{"x1", row(x)}, {"x2", row(y)}}));
    const double alike =
        value(make("cosine_embedding", {{"x1", row(x)}, {"x2", row(y)}, {"target", one(1)}}));
    Case unlike = make("cosine_embedding", {{"x1", row(x)}, {"x2", row(y)}, {"target", one(-1)}});
    unlike.parameters["margin"] = -1.;
    RC_ASSERT(distance >= 0 && distance <= 2);
    RC_ASSERT(alike == distance);
    RC_ASSERT(std::abs(value(unlike) + distance - 2) <= 4 * u);
  }));
}

TEST_P(Identities, CosinesDoNotSeeLengths) {
  EXPECT_TRUE(::rc::check([] {
    const auto features = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
    const auto x = embedding(features), y = embedding(features);
    auto longer = x;
    const double by = *rc::gen::inRange(1, 100) * std::ldexp(1, *rc::gen::inRange(-300, 300));
    for (double& each : longer) each *= by;  // exact: ten bits by seven
    const double before = value(make("cosine_distance", {{"x1", row(x)}, {"x2", row(y)}}));
    const double after = value(make("cosine_distance", {{"x1", row(longer)}, {"x2", row(y)}}));
    RC_ASSERT(std::abs(before - after) <= 2 * u * before);
    const double alone = value(make("cosine_distance", {{"x1", row(x)}, {"x2", row(longer)}}));
    const bool zeros = std::all_of(x.begin(), x.end(), [](double each) { return each == 0; });
    RC_ASSERT(alone == (zeros ? 1 : 0));
  }));
}

TEST_P(Identities, ContrastiveOfSimilarRowsIsHalfTheSquaredError) {
  EXPECT_TRUE(::rc::check([] {
    const auto features = static_cast<std::size_t>(*rc::gen::inRange(1, 6));
    const auto x = embedding(features), y = embedding(features);
    const double squares = value(make("mse", {{"prediction", row(x)}, {"target", row(y)}}));
    const double half = value(make("contrastive", {{"x1", row(x)}, {"x2", row(y)}, {"target", one(0)}}));
    RC_ASSERT(half == squares / 2);
  }));
}

/// Three rows of three numbers, no row of zeros.
std::vector<double> three_rows() {
  std::vector<double> x = embedding(9);
  for (std::size_t i = 0; i < 9; i += 3) x[i] += 16;
  return x;
}

TEST_P(Identities, RankingIsInfoNceAndCosFaceWithoutAMargin) {
  EXPECT_TRUE(::rc::check([] {
    const std::vector<double> a = three_rows(), p = three_rows();
    Case ranking =
        make("multiple_negatives_ranking", {{"anchor", reals({3, 3}, a)}, {"positive", reals({3, 3}, p)}});
    ranking.parameters["scale"] = 8.;
    Case cosface = make(
        "cosface",
        {{"embedding", reals({3, 3}, a)}, {"weight", reals({3, 3}, p)}, {"labels", labels({3}, {0, 1, 2})}});
    cosface.parameters["scale"] = 8.;
    cosface.parameters["margin"] = 0.;
    double nce = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<double> negatives = p;
      const auto at = static_cast<std::ptrdiff_t>(3 * i);
      negatives.erase(negatives.begin() + at, negatives.begin() + at + 3);
      Case one_row = make("info_nce", {{"query", reals({1, 3}, {a.begin() + at, a.begin() + at + 3})},
                                       {"positive", reals({1, 3}, {p.begin() + at, p.begin() + at + 3})},
                                       {"negative", reals({2, 3}, negatives)}});
      one_row.parameters["temperature"] = .125;
      nce += value(one_row);
    }
    const double r = value(ranking);
    RC_ASSERT(std::abs(r - value(cosface)) <= 2 * u * r);
    RC_ASSERT(std::abs(r - nce) <= 8 * u * r);
  }));
}

TEST_P(Identities, NtXentIsInfoNceAgainstAllOtherRows) {
  EXPECT_TRUE(::rc::check([] {
    std::vector<double> z = three_rows();
    const std::vector<double> more = three_rows();
    z.insert(z.end(), more.begin(), more.begin() + 3);  // four rows: 0 and 2, 1 and 3 are pairs
    Case all = make("nt_xent", {{"z", reals({4, 3}, z)}});
    all.parameters["temperature"] = .25;
    double nce = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      auto rows = [&](std::initializer_list<std::size_t> which) {
        std::vector<double> out;
        for (std::size_t k : which)
          for (std::size_t d = 0; d < 3; ++d) out.push_back(z[3 * (k % 4) + d]);
        return out;
      };
      Case one_row = make("info_nce", {{"query", reals({1, 3}, rows({i}))},
                                       {"positive", reals({1, 3}, rows({i + 2}))},
                                       {"negative", reals({2, 3}, rows({i + 1, i + 3}))}});
      one_row.parameters["temperature"] = .25;
      nce += value(one_row);
    }
    const double v = value(all);
    RC_ASSERT(std::abs(v - nce) <= 8 * u * v);
  }));
}

TEST_P(Identities, SupConOfPairsIsNtXent) {
  EXPECT_TRUE(::rc::check([] {
    std::vector<double> z = three_rows();
    const std::vector<double> more = three_rows();
    z.insert(z.end(), more.begin(), more.end());
    for (const Reduction r : {Reduction::mean, Reduction::sum}) {
      Case pairs = make("nt_xent", {{"z", reals({6, 3}, z)}}, r);
      Case classes =
          make("supcon", {{"z", reals({6, 3}, z)}, {"labels", labels({6}, {7, -2, 0, 7, -2, 0})}}, r);
      pairs.parameters["temperature"] = classes.parameters["temperature"] = .25;
      const double v = value(pairs);
      RC_ASSERT(std::abs(v - value(classes)) <= 2 * u * v);
    }
  }));
}

// One positive at a time and all others as negatives: what NT-Xent's neighbour InfoNCE sees, averaged.
TEST_P(Identities, SupConIsTheMeanOfInfoNceOverThePositives) {
  EXPECT_TRUE(::rc::check([] {
    std::vector<double> z = three_rows();
    const std::vector<double> more = three_rows();
    z.insert(z.end(), more.begin(), more.begin() + 6);  // five rows: 0, 1 and 2 are of a class, 3 and 4 alone
    Case all =
        make("supcon", {{"z", reals({5, 3}, z)}, {"labels", labels({5}, {1, 1, 1, 2, 3})}}, Reduction::mean);
    all.parameters["temperature"] = .25;
    double nce = 0;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t p = 0; p < 3; ++p) {
        if (p == i) continue;
        auto rows = [&](const auto& wanted) {
          std::vector<double> out;
          for (std::size_t k = 0; k < 5; ++k)
            for (std::size_t d = 0; d < 3; ++d)
              if (wanted(k)) out.push_back(z[3 * k + d]);
          return out;
        };
        Case one = make("info_nce",
                        {{"query", reals({1, 3}, rows([&](std::size_t k) { return k == i; }))},
                         {"positive", reals({1, 3}, rows([&](std::size_t k) { return k == p; }))},
                         {"negative", reals({3, 3}, rows([&](std::size_t k) { return k != i && k != p; }))}});
        one.parameters["temperature"] = .25;
        nce += value(one) / 6;
      }
    const double v = value(all);
    RC_ASSERT(std::abs(v - nce) <= 16 * u * v);
  }));
}

TEST_P(Identities, ArcFaceWithoutAMarginIsCosFaceWithoutOne) {
  EXPECT_TRUE(::rc::check([] {
    const std::vector<double> e = three_rows(), w = three_rows();
    auto ask = [&](const char* loss, double margin) {
      Case c = make(loss, {{"embedding", reals({3, 3}, e)},
                           {"weight", reals({3, 3}, w)},
                           {"labels", labels({3}, {2, 0, 2})}});
      c.parameters["scale"] = 8.;
      c.parameters["margin"] = margin;
      return value(c);
    };
    const double v = ask("arcface", 0);
    RC_ASSERT(std::abs(v - ask("cosface", 0)) <= 2 * u * v);
    // By addition, cos(theta + pi) = -cos theta, as near as binary64 has pi: 8 sin(pi) = 2^-49.9 is left.
    const double opposite = ask("arcface", 0x1.921fb54442d18p1);
    double sum = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const std::size_t y = i == 1 ? 0 : 2;
      std::vector<double> turned = w;
      for (std::size_t d = 0; d < 3; ++d) turned[3 * y + d] = -turned[3 * y + d];
      Case c = make("cosface", {{"embedding", reals({1, 3}, {e[3 * i], e[3 * i + 1], e[3 * i + 2]})},
                                {"weight", reals({3, 3}, turned)},
                                {"labels", labels({1}, {static_cast<std::int64_t>(y)})}});
      c.parameters["scale"] = 8.;
      c.parameters["margin"] = 0.;
      sum += value(c);
    }
    RC_ASSERT(std::abs(opposite - sum) <= 3 * 0x1p-49 + 8 * u * sum);
  }));
}

// A rival across the plane of the angle: cos(theta + m) is the cosine of the embedding turned on by m.
TEST_P(Identities, ArcFacesMarginIsATurnAwayFromTheClass) {
  EXPECT_TRUE(::rc::check([] {
    const double angle = *rc::gen::inRange(1, 3000) * 0x1p-10, margin = *rc::gen::inRange(1, 1024) * 0x1p-10;
    auto ask = [&](const char* loss, double at, double m) {
      Case c = make(loss, {{"embedding", reals({1, 3}, {std::cos(at), std::sin(at), 0})},
                           {"weight", reals({2, 3}, {1, 0, 0, 0, 0, 1})},
                           {"labels", labels({1}, {0})}});
      c.parameters["scale"] = 4.;
      c.parameters["margin"] = m;
      return value(c);
    };
    const double v = ask("arcface", angle, margin);
    RC_ASSERT(std::abs(v - ask("cosface", angle + margin, 0)) <= 64 * u);
  }));
}

TEST_P(Identities, SoftplusItsReflectionAndTheSoftMarginAreOneFunction) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate();
    const double up = value(make("softplus", {{"x", one(x)}})), down = value(make("softplus", {{"x", one(-x)}}));
    RC_ASSERT(value(make("log_sigmoid", {{"x", one(-x)}})) == -up);
    RC_ASSERT(value(make("soft_margin", {{"score", one(-x)}, {"target", one(1)}})) == up);
    RC_ASSERT(value(make("soft_margin", {{"score", one(x)}, {"target", one(-1)}})) == up);
    const double entropy =
        value(make("binary_cross_entropy_with_logits", {{"logits", one(x)}, {"target", one(0)}}));
    RC_ASSERT(std::abs(entropy - up) <= 2 * u * up);
    RC_ASSERT(std::abs(up - down - x) <= 2 * u * (up + down));
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
    const double x = *rc::gen::inRange(1, 1 << 20), t = *rc::gen::inRange(1, 1 << 20), unit = *rc::gen::inRange(2, 64);
    const double here = value(make("msle", {{"prediction", one(x - 1)}, {"target", one(t - 1)}}));
    const double there = value(make("msle", {{"prediction", one(x * unit - 1)}, {"target", one(t * unit - 1)}}));
    RC_ASSERT(std::abs(here - there) <= 2 * u * here);
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
    const double entropy = value(make("binary_cross_entropy_with_logits", {{"logits", one(x)}, {"target", one(t)}}));
    RC_ASSERT(std::abs(focal(x, t, -1, 0) - entropy) <= 2 * u * entropy);
    RC_ASSERT(focal(x, t, .5, 2) == focal(x, t, -1, 2) / 2);
    const double share = value(make("sigmoid", {{"x", one(-x)}}));
    const double third = focal(x, 1, .25, 3), expected = share * share * share * focal(x, 1, .25, 0);
    RC_ASSERT(std::abs(third - expected) <= 16 * u * expected + 0x1p-1074);
    RC_ASSERT(focal(x, t, -1, 2) <= entropy * (1 + 2 * u));
    RC_ASSERT(focal(-x, 1 - t, -1, 1.5) == focal(x, t, -1, 1.5));
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
    RC_ASSERT(std::abs(tweedie(x, t, 1 + 0x1p-40) / tweedie(x, t, 1) - 1) <= 0x1p-38 * (r + std::abs(std::log(x))) ||
              x == t);
    RC_ASSERT(std::abs(tweedie(x, t, 2 - 0x1p-40) / tweedie(x, t, 2) - 1) <= 0x1p-38 * (r + std::abs(std::log(x))) ||
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

/// Utterances of small whole numbers, none of them 0.
std::vector<double> utterances(std::size_t count, std::size_t width) {
  std::vector<double> out(count * width);
  for (double& each : out) each = *rc::gen::inRange(-20, 21);
  for (std::size_t i = 0; i < count; ++i) out[i * width] += out[i * width] < 0 ? -21 : 21;
  return out;
}

TEST_P(Identities, Ge2eIsInfoNceOfCentroids) {
  EXPECT_TRUE(::rc::check([] {
    const std::vector<double> e = utterances(6, 3);  // three speakers, two utterances each
    std::vector<double> query(e.begin(), e.begin() + 3), own(e.begin() + 3, e.begin() + 6), others(6);
    for (std::size_t i = 0; i < 6; ++i) others[i] = e[6 + i / 3 * 6 + i % 3] + e[9 + i / 3 * 6 + i % 3];
    Case ge2e = make("ge2e", {{"embedding", reals({3, 2, 3}, e)}}, Reduction::none);
    Case nce = make("info_nce", {{"query", row(query)}, {"positive", row(own)}, {"negative", reals({2, 3}, others)}});
    ge2e.parameters["w"] = 4.;
    nce.parameters["temperature"] = .25;
    const double a = value(ge2e), b = value(nce);
    RC_ASSERT(std::abs(a - b) <= 4 * u * b + 0x1p-80);
  }));
}

TEST_P(Identities, Ge2eKnowsNeitherTheUnitOfEmbeddingsNorTheSoftmaxItsOffset) {
  EXPECT_TRUE(::rc::check([] {
    std::vector<double> e = utterances(4, 2);
    Case before = make("ge2e", {{"embedding", reals({2, 2, 2}, e)}}, Reduction::mean);
    const bool contrast = *rc::gen::arbitrary<bool>();
    if (contrast) before.parameters["variant"] = std::string("contrast");
    Case after = before;
    const double scale = std::ldexp(1, *rc::gen::inRange(-300, 300));
    for (double& each : after.inputs["embedding"].real) each *= scale;
    if (!contrast) after.parameters["b"] = moderate();
    RC_ASSERT(std::abs(value(before) - value(after)) <= 2 * u * value(before) + 0x1p-80);
  }));
}

TEST_P(Identities, ReductionsAgree) {
  EXPECT_TRUE(::rc::check([] {
    const auto n = static_cast<std::size_t>(*rc::gen::inRange(1, 20));
    std::vector<double> x(n), t(n);
    for (std::size_t i = 0; i < n; ++i) {
      x[i] = moderate();
      t[i] = moderate();
    }
    const auto shape = static_cast<std::int64_t>(n);
    Case c =
        make("huber", {{"prediction", reals({shape}, x)}, {"target", reals({shape}, t)}}, Reduction::none);
    const std::vector<double> each = GetParam().ask(c).value.real;
    double total = 0;
    for (double v : each) total += v;
    c.reduction = Reduction::sum;
    const double sum = value(c);
    c.reduction = Reduction::mean;
    const double mean = value(c), count = static_cast<double>(n);
    // n roundings of the values and n of the sum here; all terms are of one sign.
    RC_ASSERT(std::abs(sum - total) <= 2 * count * u * sum);
    RC_ASSERT(std::abs(mean * count - sum) <= 4 * u * sum);
  }));
}

TEST_P(Identities, AppendedIgnoredRowsChangeNothing) {
  EXPECT_TRUE(::rc::check([] {
    std::vector<double> x(6);
    for (double& each : x) each = moderate();
    Case c = make("sparse_categorical_cross_entropy_with_logits",
                  {{"logits", reals({2, 3}, x)}, {"labels", labels({2}, {2, 0})}}, Reduction::mean);
    const double before = value(c);
    x.insert(x.end(), {std::nan(""), infinity, 0});
    c.inputs["logits"] = reals({3, 3}, x);
    c.inputs["labels"] = labels({3}, {2, 0, -100});
    RC_ASSERT(value(c) == before);
  }));
}

INSTANTIATE_TEST_SUITE_P(Of, Identities,
                         ::testing::Values(Subject{"Kernels", kernel_answer},
                                           Subject{"Reference", certified_answer}),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace assay::tests
