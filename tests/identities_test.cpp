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
  const double significand = 1 + static_cast<double>(*rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 52)) * 0x1p-52;
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
    const double b = value(make("binary_cross_entropy_with_logits", {{"logits", one(2 * r)}, {"target", one(.5)}}));
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
    const double sparse = value(make("sparse_categorical_cross_entropy_with_logits",
                                     {{"logits", row(x)}, {"labels", labels({1}, {static_cast<std::int64_t>(y)})}}));
    const double dense = value(make("categorical_cross_entropy_with_logits", {{"logits", row(x)}, {"target", row(t)}}));
    RC_ASSERT(std::abs(sparse - dense) <= 2 * u * dense + 0x1p-1074);
  }));
}

TEST_P(Identities, TwoClassSoftmaxIsTheSigmoid) {
  EXPECT_TRUE(::rc::check([] {
    const double x = moderate();
    const Case two = make("softmax", {{"x", row({x, 0})}}, Reduction::none);
    RC_ASSERT(std::abs(value(two) - value(make("sigmoid", {{"x", one(x)}}))) <= 2 * u * value(two) + 0x1p-1074);
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
    Case c = make("huber", {{"prediction", reals({shape}, x)}, {"target", reals({shape}, t)}}, Reduction::none);
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
                         ::testing::Values(Subject{"Kernels", kernel_answer}, Subject{"Reference", certified_answer}),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace assay::tests
