// What the tests over all losses do not see of the row-wise kernels: worked examples from the literature,
// scratch memory, labels out of range, and gradients whose smallness no rounding may hide.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "losses/call.hpp"
#include "losses/catalogue/catalogue.hpp"

namespace assay {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Argument<double> real(const std::vector<double>& numbers, std::int64_t rows, std::int64_t columns = 1) {
  return {.real = numbers.data(), .integer = nullptr, .extent = {rows, columns, 1}};
}
Argument<double> whole(const std::vector<std::int64_t>& numbers) {
  return {.real = nullptr,
          .integer = numbers.data(),
          .extent = {static_cast<std::int64_t>(numbers.size()), 1, 1}};
}

/// Gives the kernel exactly the scratch it asks for, full of NaN, with a guard on either side.
template <class Loss>
void evaluate_guarded(const Loss& loss, Call<double> call) {
  const std::size_t bytes = workspace_bytes(loss, call);
  ASSERT_EQ(bytes % sizeof(double), 0u);
  const std::size_t words = bytes / sizeof(double);
  std::vector<double> scratch(words + 2, nan);
  scratch.front() = scratch.back() = 12345;
  call.workspace = std::as_writable_bytes(std::span(scratch).subspan(1, words));
  evaluate(loss, call);
  EXPECT_EQ(scratch.front(), 12345);
  EXPECT_EQ(scratch.back(), 12345);
}

template <class Loss>
std::vector<double> unreduced(const Loss& loss, const std::vector<Argument<double>>& inputs,
                              std::size_t values) {
  std::vector<double> value(values, -1);
  Call<double> call;
  std::copy(inputs.begin(), inputs.end(), call.inputs.begin());
  call.reduction = Reduction::none;
  call.value = value.data();
  evaluate_guarded(loss, call);
  return value;
}

TEST(RowKernels, EntropyComposesAsInShannonsFigureSix) {
  // Shannon 1948, section 6: H(1/2, 1/3, 1/6) = H(1/2, 1/2) + H(2/3, 1/3) / 2.
  const std::vector<double> p{1. / 2, 1. / 3, 1. / 6, 1. / 2, 1. / 2, 0, 2. / 3, 1. / 3, 0};
  const auto h = unreduced(Entropy{}, {real(p, 3, 3)}, 3);
  EXPECT_NEAR(h[0], h[1] + h[2] / 2, 1e-15);
  EXPECT_DOUBLE_EQ(h[1], std::log(2));
}

TEST(RowKernels, KlDivergenceIsThatOfCoverAndThomas) {
  // Elements of Information Theory, example 2.3.1 with r = 1/2, s = 1/4, in bits:
  // D(p||q) = 1 - log2(3)/2 = 0.2075, D(q||p) = 3/4 log2(3) - 1 = 0.1887.
  const std::vector<double> p{.5, .5, .75, .25}, q{.75, .25, .5, .5};
  const auto d = unreduced(KlDivergence{}, {real(p, 2, 2), real(q, 2, 2)}, 2);
  EXPECT_DOUBLE_EQ(d[0] / std::log(2), 1 - std::log2(3) / 2);
  EXPECT_NEAR(d[1] / std::log(2), .75 * std::log2(3) - 1, 1e-15);
}

TEST(RowKernels, CategoricalCrossEntropyIsThatOfTheKerasManual) {
  // https://keras.io/api/losses/probabilistic_losses/#categoricalcrossentropy-class: [0.0513, 2.303].
  const std::vector<double> p{.05, .95, 0, .1, .8, .1}, t{0, 1, 0, 0, 0, 1};
  const auto l = unreduced(CategoricalCrossEntropy{}, {real(p, 2, 3), real(t, 2, 3)}, 2);
  EXPECT_NEAR(l[0], .0513, 5e-5);
  EXPECT_NEAR(l[1], 2.303, 5e-4);
}

TEST(RowKernels, CrossEntropyGradientIsSoftmaxLessOneHot) {
  // Bridle 1990: the derivative of -log p_y by x is p - e_y. Shares 1/2, 1/4, 1/4.
  const std::vector<double> x{std::log(2), 0, 0};
  const std::vector<std::int64_t> y{0};
  double value = 0;
  std::vector<double> slope(3);
  Call<double> call;
  call.inputs = {real(x, 1, 3), whole(y)};
  call.value = &value;
  call.gradient[0] = slope.data();
  evaluate_guarded(SparseCategoricalCrossEntropyWithLogits{}, call);
  EXPECT_DOUBLE_EQ(value, std::log(2));
  EXPECT_DOUBLE_EQ(slope[0], -.5);
  EXPECT_DOUBLE_EQ(slope[1], .25);
  EXPECT_DOUBLE_EQ(slope[2], .25);
}

TEST(RowKernels, TripletOfTwoPythagoreanTriangles) {
  // d(a,p) = 5, d(a,n) = 13, d(p,n) = |(2,8)|: FaceNet's hinge with a margin of 10, and with the swap.
  const std::vector<double> a{0, 0}, p{3, 4}, n{5, 12};
  const std::vector<Argument<double>> inputs{real(a, 1, 2), real(p, 1, 2), real(n, 1, 2)};
  EXPECT_EQ(unreduced(TripletMargin{.margin = 10}, inputs, 1)[0], 2);
  EXPECT_EQ(unreduced(TripletMargin{.margin = 10, .p = 1}, inputs, 1)[0], 0);
  EXPECT_EQ(unreduced(TripletMargin{.margin = 150, .squared = true}, inputs, 1)[0], 6);
  EXPECT_DOUBLE_EQ(unreduced(TripletMargin{.margin = 10, .swap = true}, inputs, 1)[0], 15 - std::sqrt(68));
}

TEST(RowKernels, TripletGradientKeepsWhatTwoDirectionsNearAnAxisDifferBy) {
  // u = (1, 2^-40)/|.|, w = (1, 2^-41)/|.|: u_0 - w_0 = -(2^-80 - 2^-82)/2 up to 2^-160.
  const std::vector<double> a{1, 0x1p-40, -3}, p{0, 0, -3}, n{0, 0x1p-41, -3};
  double value = 0;
  std::vector<double> slope(3);
  Call<double> call;
  call.inputs = {real(a, 1, 3), real(p, 1, 3), real(n, 1, 3)};
  call.value = &value;
  call.gradient[0] = slope.data();
  evaluate_guarded(TripletMargin{}, call);
  EXPECT_DOUBLE_EQ(slope[0], -.375 * 0x1p-80);
  EXPECT_DOUBLE_EQ(slope[1], 0x1p-41);
  EXPECT_EQ(slope[2], 0);
}

// a-p is (2^-53, -2^-53), a-n is 2^53 times as long and almost parallel: what tells the directions apart is
// 2^-53 of either, and p and n are far from each other.
TEST(RowKernels, TripletGradientOfAPositiveMuchNearerThanTheNegative) {
  const std::vector<double> anchor{0x1.ffffffffffffdp-2, -1},
      positive{0x1.ffffffffffffbp-2, -0x1.fffffffffffffp-1}, negative{0, -.5};
  std::vector<double> gradient(2), value(1);
  Call<double> call;
  call.reduction = Reduction::none;
  call.inputs[0] = real(anchor, 1, 2);
  call.inputs[1] = real(positive, 1, 2);
  call.inputs[2] = real(negative, 1, 2);
  call.value = value.data();
  call.gradient[0] = gradient.data();
  evaluate_guarded(TripletMargin{}, call);
  // 1.177569344012831588e-16 and 1.177569344012831393e-16 by mpmath at 60 digits.
  EXPECT_NEAR(gradient[0], 0x1.0f876ccdf6cdbp-53, 0x1p-105);
  EXPECT_NEAR(gradient[1], 0x1.0f876ccdf6cdap-53, 0x1p-105);
}

TEST(RowKernels, TripletOfSumsKeepsWhatFarComponentsLeave) {
  // (M + 2.5) - (1 + M) + 1: each M is in another component.
  const std::vector<double> a{0, 0}, p{0x1p1000, 2.5}, n{1, 0x1p1000};
  EXPECT_EQ(unreduced(TripletMargin{.p = 1}, {real(a, 1, 2), real(p, 1, 2), real(n, 1, 2)}, 1)[0], 2.5);
}

TEST(RowKernels, InfoNceOfThreeAnglesAndItsGradients) {
  // Cosines 1, 0, -0.6 at temperature 1/2; lengths do not matter. The shared gradients sum over the two rows:
  // each p_k (q^ - cos k^)/|k| over the temperature.
  const std::vector<double> q{2, 0, 2, 0}, k{3, 0, 3, 0}, n{0, 5, -3, -4};
  std::vector<double> value(2), by_query(4), by_negative(4);
  Call<double> call;
  call.inputs = {real(q, 2, 2), real(k, 2, 2), real(n, 2, 2)};
  call.reduction = Reduction::none;
  call.value = value.data();
  call.gradient = {by_query.data(), nullptr, by_negative.data()};
  evaluate_guarded(InfoNce{.temperature = .5}, call);
  const double e1 = std::exp(-2), e2 = std::exp(-3.2), total = 1 + e1 + e2;
  EXPECT_DOUBLE_EQ(value[0], std::log1p(e1 + e2));
  EXPECT_EQ(value[0], value[1]);
  EXPECT_DOUBLE_EQ(by_negative[0], 2 * (e1 / total) * 2 / 5);
  EXPECT_EQ(by_negative[1], 0);
  EXPECT_DOUBLE_EQ(by_negative[2], 2 * (e2 / total) * 2 * .64 / 5);
  EXPECT_DOUBLE_EQ(by_negative[3], 2 * (e2 / total) * 2 * -.48 / 5);
  EXPECT_EQ(by_query[0], 0);
  EXPECT_DOUBLE_EQ(by_query[1], (e1 - .8 * e2) / total * 2 / 2);
}

TEST(RowKernels, ASingleCandidateIsCertain) {
  const std::vector<double> q{.3, -2}, k{7, .1}, none{0};
  double value = -1;
  std::vector<double> by_query(2, -1), by_positive(2, -1);
  Call<double> call;
  call.inputs = {real(q, 1, 2), real(k, 1, 2), real(none, 0, 2)};
  call.value = &value;
  call.gradient = {by_query.data(), by_positive.data()};
  evaluate_guarded(InfoNce{}, call);
  EXPECT_EQ(value, 0);
  EXPECT_EQ(by_query, std::vector<double>(2, 0));
  EXPECT_EQ(by_positive, std::vector<double>(2, 0));
}

TEST(RowKernels, AnIgnoredRowIsNotLookedAtAndALabelOutOfRangeReadsNothing) {
  const std::vector<double> x{1, 2, nan, nan, 3, 1}, w{1, 2};
  const std::vector<std::int64_t> y{0, -7, 5000000};
  std::vector<double> value(3, -1), slope(6, -1), by_weight(2, -1);
  Call<double> call;
  call.inputs = {real(x, 3, 2), whole(y), real(w, 2)};
  call.reduction = Reduction::none;
  call.value = value.data();
  call.gradient = {slope.data(), nullptr, by_weight.data()};
  evaluate_guarded(SparseCategoricalCrossEntropyWithLogits{.ignore_index = -7}, call);
  EXPECT_DOUBLE_EQ(value[0], std::log1p(std::exp(1)));
  EXPECT_EQ(value[1], 0);
  EXPECT_EQ(slope[2], 0);
  EXPECT_EQ(slope[3], 0);
  EXPECT_TRUE(std::isnan(value[2]));
  EXPECT_TRUE(std::isnan(slope[4]) && std::isnan(slope[5]));
  EXPECT_EQ(by_weight[0], value[0]);
  EXPECT_EQ(by_weight[1], 0);
}

template <class Loss>
void expect_that_no_class_is_nan(const Loss& loss) {
  const std::vector<double> x{1, 2, 3, 1}, weight{1, 0, 0, 1, 1, 1};
  const std::vector<std::int64_t> y{1, -5000000};
  std::vector<double> value(2, -1), slope(4, -1), by_weight(6, -1);
  Call<double> call;
  call.inputs = {real(x, 2, 2), real(weight, 3, 2), whole(y)};
  call.reduction = Reduction::none;
  call.value = value.data();
  call.gradient = {slope.data(), by_weight.data()};
  evaluate_guarded(loss, call);
  EXPECT_GT(value[0], 0);
  EXPECT_TRUE(std::isfinite(slope[0]) && std::isfinite(slope[1]));
  EXPECT_TRUE(std::isnan(value[1]));
  EXPECT_TRUE(std::isnan(slope[2]) && std::isnan(slope[3]));
  EXPECT_TRUE(std::ranges::all_of(by_weight, [](double each) { return std::isnan(each); }));
}
TEST(RowKernels, ALabelThatIsNoClassHasNoAngle) {
  expect_that_no_class_is_nan(CosFace{});
  expect_that_no_class_is_nan(ArcFace{});
}

TEST(RowKernels, ClassWeightsThatChangeNoMeanHaveGradientZero) {
  // Rows of equal loss, log 3 each: whatever the weights, the mean stays.
  constexpr std::int64_t rows = 41;
  std::vector<double> x;
  std::vector<std::int64_t> y;
  for (std::int64_t i = 0; i < rows; ++i) {
    x.insert(x.end(), 3, static_cast<double>(i) / 4);
    y.push_back(i < 2 ? i : 2);
  }
  const std::vector<double> w{.1, .2, .3};
  double value = 0;
  std::vector<double> by_weight(3, -1);
  Call<double> call;
  call.inputs = {real(x, rows, 3), whole(y), real(w, 3)};
  call.value = &value;
  call.gradient[2] = by_weight.data();
  evaluate_guarded(SparseCategoricalCrossEntropyWithLogits{}, call);
  EXPECT_DOUBLE_EQ(value, std::log(3));
  EXPECT_EQ(by_weight, std::vector<double>(3, 0));
}

TEST(RowKernels, ClassWeightGradientFollowsTheQuotientRule) {
  // L = (w_0 a + w_1 b)/(w_0 + w_1): dL/dw_0 = w_1 (a - b)/(w_0 + w_1)^2.
  const std::vector<double> x{0, 0, 0, std::log(3)}, w{3, 1};
  const std::vector<std::int64_t> y{0, 1};
  double value = 0;
  std::vector<double> by_weight(2);
  Call<double> call;
  call.inputs = {real(x, 2, 2), whole(y), real(w, 2)};
  call.value = &value;
  call.gradient[2] = by_weight.data();
  evaluate_guarded(SparseCategoricalCrossEntropyWithLogits{}, call);
  const double a = std::log(2), b = std::log(4. / 3);
  EXPECT_DOUBLE_EQ(value, (3 * a + b) / 4);
  EXPECT_DOUBLE_EQ(by_weight[0], (a - b) / 16);
  EXPECT_DOUBLE_EQ(by_weight[1], -3 * (a - b) / 16);
}

TEST(RowKernels, SmoothingToTheUniformDistributionFeelsTheSmallestDifference) {
  // s = 1: the gradient p_c - 1/3 of logits (h, 0, 0) is 2h/9, -h/9, -h/9, however small h is beside 1/3.
  const double h = 0x1p-900;
  const std::vector<double> x{h, 0, 0};
  const std::vector<std::int64_t> y{1};
  double value = 0;
  std::vector<double> slope(3);
  Call<double> call;
  call.inputs = {real(x, 1, 3), whole(y)};
  call.value = &value;
  call.gradient[0] = slope.data();
  evaluate_guarded(SparseCategoricalCrossEntropyWithLogits{.label_smoothing = 1}, call);
  EXPECT_EQ(slope[0], h * 2 / 9);
  EXPECT_EQ(slope[1], -h / 9);
  EXPECT_EQ(slope[2], -h / 9);
}

// Two rows of 1.7e308 are beyond the largest number, whatever the third, which is not negative, may be.
TEST(RowKernels, ASumThatRoundsToInfinityHasThatLimitBesideARowThatHasNone) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  const std::vector<double> x{0, 1.7e308, infinite, infinite, 0, 1.7e308}, t{1, 0, 1, 0, 1, 0};
  for (const Reduction reduction : {Reduction::sum, Reduction::mean}) {
    double value = -1;
    Call<double> call;
    call.inputs[0] = real(x, 3, 2);
    call.inputs[1] = real(t, 3, 2);
    call.reduction = reduction;
    call.value = &value;
    evaluate_guarded(CategoricalHinge{}, call);
    if (reduction == Reduction::sum)
      EXPECT_EQ(value, infinite);
    else
      EXPECT_TRUE(std::isnan(value)) << value;  // a third of it is a number
  }
}

TEST(RowKernels, OnlySharedInputsNeedScratch) {
  const std::vector<double> x{1, 2}, w{1, 1};
  const std::vector<std::int64_t> y{0};
  std::vector<double> gradient(2);
  Call<double> call;
  call.inputs = {real(x, 1, 2), whole(y), real(w, 2)};
  call.gradient[0] = gradient.data();
  EXPECT_EQ(workspace_bytes(LogSumExp{}, call), 0u);
  EXPECT_EQ(workspace_bytes(SparseCategoricalCrossEntropyWithLogits{}, call), 0u);
  call.gradient[2] = gradient.data();
  EXPECT_GT(workspace_bytes(SparseCategoricalCrossEntropyWithLogits{}, call), 0u);
}

}  // namespace
}  // namespace assay
