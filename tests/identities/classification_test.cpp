// Identities between losses of a row of classes.
#include "tests/identities/identities.hpp"

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
    Case c = make("sparse_categorical_cross_entropy_with_logits",
                  {{"logits", reals({2, 3}, x)}, {"labels", labels({2}, {2, 0})}}, Reduction::mean);
    const double before = value(c);
    x.insert(x.end(), {std::nan(""), infinity, 0});
    c.inputs["logits"] = reals({3, 3}, x);
    c.inputs["labels"] = labels({3}, {2, 0, -100});
    RC_ASSERT(value(c) == before);
  }));
}

}  // namespace
}  // namespace assay::tests
