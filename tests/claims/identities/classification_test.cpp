// Identities between losses of a row of classes.
#include <tuple>

#include "tests/claims/identities/identities.hpp"

namespace assay::tests {
namespace {

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
    const std::vector<double> logs =
        GetParam().ask(make("log_softmax", {{"x", row(x)}}, Reduction::none)).value.real;
    const std::vector<double> shares =
        GetParam().ask(make("softmax", {{"x", row(x)}}, Reduction::none)).value.real;
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
    const double sparse =
        value(make("sparse_categorical_cross_entropy",
                   {{"probability", row(p)}, {"labels", labels({1}, {static_cast<std::int64_t>(y)})}}));
    const double dense =
        value(make("categorical_cross_entropy", {{"probability", row(p)}, {"target", row(t)}}));
    RC_ASSERT(sparse == dense || std::abs(sparse - dense) <= 2 * u * dense);
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
    // -log p is the sum of (1-p)^i / i: without its first three degrees it is still not below 0, nor above
    // itself.
    const double tail = poly({-1, -1, -1}, true);
    RC_ASSERT(tail >= 0 && tail <= ce);
  }));
}

TEST_P(Identities, AppendedIgnoredRowsChangeNothing) {
  EXPECT_TRUE(::rc::check([] {
    std::vector<double> x(6);
    for (double& each : x) each = moderate();
    std::vector<double> p = distribution(3), more = distribution(3);
    p.insert(p.end(), more.begin(), more.end());
    const std::tuple<const char*, const char*, std::vector<double>> losses[] = {
        {"sparse_categorical_cross_entropy_with_logits", "logits", x},
        {"nll", "log_probability", x},
        {"sparse_categorical_cross_entropy", "probability", p}};
    for (auto [loss, first, numbers] : losses) {
      Case c =
          make(loss, {{first, reals({2, 3}, numbers)}, {"labels", labels({2}, {2, 0})}}, Reduction::mean);
      const double before = value(c);
      numbers.insert(numbers.end(), {std::nan(""), infinity, 0});
      c.inputs[first] = reals({3, 3}, numbers);
      c.inputs["labels"] = labels({3}, {2, 0, -100});
      const double after = value(c);
      RC_ASSERT(after == before || std::abs(after - before) <= 4 * u * std::abs(before));
    }
  }));
}

TEST_P(Identities, SmoothedLabelsAreAMeanOfClasses) {
  EXPECT_TRUE(::rc::check([] {
    auto inputs = scores_and_label();
    const double smoothing = *rc::gen::inRange(0, 17) / 16.,
                 own = value(make("sparse_categorical_cross_entropy_with_logits", inputs));
    const std::int64_t classes = inputs["logits"].shape[1], y = inputs["labels"].integer[0];
    double mean = 0;
    for (std::int64_t k = 0; k < classes; ++k) {
      inputs["labels"].integer[0] = k;
      mean +=
          value(make("sparse_categorical_cross_entropy_with_logits", inputs)) / static_cast<double>(classes);
    }
    inputs["labels"].integer[0] = y;
    Case sparse = make("sparse_categorical_cross_entropy_with_logits", inputs);
    std::vector<double> t(static_cast<std::size_t>(classes), 0);
    t[static_cast<std::size_t>(y)] = 1;
    Case dense =
        make("categorical_cross_entropy_with_logits", {{"logits", inputs["logits"]}, {"target", row(t)}});
    sparse.parameters["label_smoothing"] = dense.parameters["label_smoothing"] = smoothing;
    const double expected = (1 - smoothing) * own + smoothing * mean;
    RC_ASSERT(std::abs(value(sparse) - expected) <= 16 * u * expected);
    RC_ASSERT(std::abs(value(dense) - expected) <= 16 * u * expected);
  }));
}

TEST_P(Identities, SlopesOfCrossEntropyAreSharesLessTargetsAndSumToNothing) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    std::vector<double> z(classes);
    for (double& each : z) each = moderate();
    const auto y = distribution(classes);
    Case ce = make("categorical_cross_entropy_with_logits", {{"logits", row(z)}, {"target", row(y)}});
    ce.wrt = {"logits"};
    Case lse = make("log_sum_exp", {{"x", row(z)}});
    lse.wrt = {"x"};
    const std::vector<double> slopes = answer(ce).gradient.at("logits").real;
    const std::vector<double> of_lse = answer(lse).gradient.at("x").real;
    const std::vector<double> shares = answer(make("softmax", {{"x", row(z)}}, Reduction::none)).value.real;
    double sum = 0, sizes = 0, squares = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      RC_ASSERT(std::abs(of_lse[c] - shares[c]) <= 4 * u * shares[c] + 0x1p-1073);
      RC_ASSERT(std::abs(slopes[c] - (shares[c] - y[c])) <= 4 * u);
      RC_ASSERT(std::abs(slopes[c]) <= 1);
      sum += slopes[c];
      sizes += std::abs(slopes[c]);
      squares += slopes[c] * slopes[c];
    }
    RC_ASSERT(std::abs(sum) <= static_cast<double>(classes) * 4 * u);
    RC_ASSERT(sizes <= 2 * (1 + 8 * u) && squares <= 2 * (1 + 16 * u));
  }));
}

TEST_P(Identities, SoftmaxMovesHalfAsFarAsItsScoresAtMost) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    std::vector<double> x(classes), y(classes);
    double way = 0;
    for (std::size_t c = 0; c < classes; ++c) {
      x[c] = *rc::gen::inRange(-256, 257) / 64.;
      const double step = *rc::gen::inRange(-64, 65) * std::ldexp(1, *rc::gen::inRange(-16, -4));
      y[c] = x[c] + step;
      way += step * step;
    }
    const auto shares = [](const std::vector<double>& scores) {
      return answer(make("softmax", {{"x", row(scores)}}, Reduction::none)).value.real;
    };
    const std::vector<double> p = shares(x), q = shares(y);
    double moved = 0;
    for (std::size_t c = 0; c < classes; ++c) moved += (p[c] - q[c]) * (p[c] - q[c]);
    RC_ASSERT(std::sqrt(moved) <= std::sqrt(way) / 2 * (1 + 16 * u) + 4 * u);
  }));
}

TEST_P(Identities, ANumberAddedToScoresIsAddedToTheirLogSumExp) {
  EXPECT_TRUE(::rc::check([] {
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    std::vector<double> x(classes);
    for (double& each : x) each = *rc::gen::inRange(-4096, 4097) * 0x1p-9;
    const double by = *rc::gen::inRange(-4096, 4097) * 0x1p-3;
    const double before = value(make("log_sum_exp", {{"x", row(x)}}));
    for (double& each : x) each += by;
    const double after = value(make("log_sum_exp", {{"x", row(x)}}));
    RC_ASSERT(std::abs(after - by - before) <= 4 * u * (std::abs(after) + std::abs(by) + std::abs(before)));
  }));
}

TEST_P(Identities, OneClassIsCertainAndEqualOnesAreEquallyLikely) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate();
    RC_ASSERT(value(make("softmax", {{"x", row({x})}}, Reduction::none)) == 1);
    RC_ASSERT(value(make("log_softmax", {{"x", row({x})}}, Reduction::none)) == 0);
    const auto classes = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
    const double expected = std::log(static_cast<double>(classes));
    const double v =
        value(make("sparse_categorical_cross_entropy_with_logits",
                   {{"logits", row(std::vector<double>(classes, x))}, {"labels", labels({1}, {0})}}));
    RC_ASSERT(std::abs(v - expected) <= 4 * u * expected);
  }));
}

// What a mean of weighted rows divides by is weighted too.
TEST_P(Identities, WeightsOfClassesHaveNoUnit) {
  EXPECT_TRUE(::rc::check([] {
    std::vector<double> x(9), w(3);
    for (double& each : x) each = *rc::gen::inRange(-4096, 4097) * 0x1p-9;
    for (double& each : w) each = *rc::gen::inRange(1, 65) / 16.;
    const double unit = std::ldexp(1, *rc::gen::inRange(-20, 20));
    for (const char* loss : {"nll", "sparse_categorical_cross_entropy_with_logits"}) {
      const char* first = std::string_view(loss) == "nll" ? "log_probability" : "logits";
      Case c = make(
          loss, {{first, reals({3, 3}, x)}, {"labels", labels({3}, {2, 0, 1})}, {"weight", reals({3}, w)}},
          Reduction::mean);
      const double before = value(c);
      for (double& each : c.inputs["weight"].real) each *= unit;
      RC_ASSERT(value(c) == before);
    }
  }));
}

TEST_P(Identities, PolyLossIsNonnegativeFromAnEpsilonOfMinusOneOn) {
  EXPECT_TRUE(::rc::check([] {
    Case c = make("poly_cross_entropy_with_logits", scores_and_label());
    c.parameters["epsilon"] = std::vector{*rc::gen::inRange(-16, 65) / 16.};
    RC_ASSERT(value(c) >= 0);
    // Below, it is negative where the class is nearly certain.
    c.inputs["logits"] = row({8, 0});
    c.inputs["labels"] = labels({1}, {0});
    c.parameters["epsilon"] = std::vector{-17 / 16.};
    RC_ASSERT(value(c) < 0);
  }));
}

}  // namespace
}  // namespace assay::tests
