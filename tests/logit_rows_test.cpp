// Rows of logits that are too long, too decided or too large for the systematic cases, against their
// formulas.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "losses/call.hpp"
#include "losses/catalogue.hpp"

namespace assay {
namespace {

/// Of rows of equal width; `second` is a row's label, or its targets.
template <class T>
struct Rows {
  std::vector<T> x;
  std::int64_t width;
  std::vector<std::int64_t> labels{};
  std::vector<T> targets{}, cotangent{};
  std::vector<T> value{}, gradient{};

  template <class Loss>
  void evaluate(const Loss& loss, Reduction reduction, bool slopes = true) {
    const auto rows = static_cast<std::int64_t>(x.size()) / width;
    Call<T> call;
    call.reduction = reduction;
    call.inputs[0] = {x.data(), nullptr, {rows, width, 1}};
    if (!labels.empty()) call.inputs[1] = {nullptr, labels.data(), {rows, 1, 1}};
    if (!targets.empty()) call.inputs[1] = {targets.data(), nullptr, {rows, width, 1}};
    value.assign(x.size(), -1);
    gradient.assign(x.size(), -1);
    call.value = value.data();
    if (slopes) call.gradient[0] = gradient.data();
    if (!cotangent.empty()) call.cotangent = cotangent.data();
    assay::evaluate(loss, call);
  }
};

template <class T>
void give_equal_shares(T logit, std::int64_t width) {
  Rows<T> rows{std::vector<T>(static_cast<std::size_t>(width), logit), width};
  rows.labels = {width - 1};
  const T share = static_cast<T>(1 / static_cast<double>(width)), log = static_cast<T>(std::log(width));
  rows.evaluate(SparseCategoricalCrossEntropyWithLogits{}, Reduction::none);
  EXPECT_EQ(rows.value[0], log) << logit << ", " << width << " classes";
  EXPECT_EQ(rows.gradient[0], share) << logit << ", " << width << " classes";
  rows.labels.clear();
  rows.evaluate(Softmax{}, Reduction::none, false);
  EXPECT_EQ(rows.value.back(), share) << logit << ", " << width << " classes";
  rows.evaluate(LogSumExp{}, Reduction::none);
  EXPECT_EQ(rows.gradient[0], share) << logit << ", " << width << " classes";
  rows.targets.assign(rows.x.size(), 0);
  rows.targets.back() = 1;
  rows.evaluate(CategoricalCrossEntropyWithLogits{}, Reduction::none);
  EXPECT_EQ(rows.value[0], log) << logit << ", " << width << " classes";
  EXPECT_EQ(rows.gradient[0], share) << logit << ", " << width << " classes";
}

TEST(LogitRows, EqualLogitsShareEquallyHoweverLargeTheyAre) {
  for (const std::int64_t width : {3, 64, 65, 80, 1000}) {
    for (const float x : {0.f, -1e10f, 1e30f, -std::numeric_limits<float>::max()})
      give_equal_shares(x, width);
    for (const double x : {0., 1e15, -1e17, 1e300}) give_equal_shares(x, width);
  }
}

/// -log p of a class `above` all the others is log1p((C-1) e^-above), its slope -(C-1)/(C-1 + e^above).
template <class T>
void hold_decided(T above, std::int64_t width) {
  Rows<T> rows{std::vector<T>(static_cast<std::size_t>(width), 0), width};
  rows.x[7] = above;
  const long double others = static_cast<long double>(width - 1) * std::exp(-static_cast<long double>(above));
  const auto value = static_cast<T>(std::log1p(others)), slope = static_cast<T>(-others / (1 + others));
  const T rounding = sizeof(T) == sizeof(float) ? T(1.2e-7) : T(2.3e-16);
  auto check = [&](const char* what) {
    EXPECT_NEAR(rows.value[0], value, rounding * value) << what << ", " << above << " above " << width;
    EXPECT_NEAR(rows.gradient[7], slope, -rounding * slope) << what << ", " << above << " above " << width;
  };
  rows.labels = {7};
  rows.evaluate(SparseCategoricalCrossEntropyWithLogits{}, Reduction::none);
  check("label");
  rows.labels.clear();
  rows.targets.assign(rows.x.size(), 0);
  rows.targets[7] = 1;
  rows.evaluate(CategoricalCrossEntropyWithLogits{}, Reduction::none);
  check("target");
}

TEST(LogitRows, WhatManyClassesHaveBesideADecidedOneIsNotRoundedOff) {
  for (const std::int64_t width : {64, 1000, 32000})
    for (int above = 10; above < 60; ++above) {
      hold_decided(static_cast<float>(above) + .3f, width);
      hold_decided(static_cast<double>(above) + .3, width);
    }
}

TEST(LogitRows, ValuesThatCancelInASumKeepTheirDigits) {
  // log(1 + 1/e) of (0, -1), and of (x, -200) x itself, the nearest float to its negative.
  for (const std::size_t width : {2u, 100u}) {
    std::vector<float> x(2 * width, -std::numeric_limits<float>::infinity());
    x[0] = 0;
    x[1] = -1;
    x[width] = -0x1.40c7acp-2f;
    x[width + 1] = -200;
    Rows<float> rows{x, static_cast<std::int64_t>(width)};
    rows.evaluate(LogSumExp{}, Reduction::sum);
    const auto sum = static_cast<double>(std::log1p(std::exp(-1.L)) + static_cast<long double>(x[width]));
    EXPECT_LT(std::fabs(sum), 0x1p-24);
    EXPECT_NEAR(rows.value[0], sum, 0x1p-19 * std::fabs(sum)) << width;
  }
}

TEST(LogitRows, ASmoothedTargetGivesAMaskedClassItsPart) {
  // The mask's -log p is infinite, and label smoothing weighs it with s/C.
  for (const std::size_t width : {3u, 100u}) {
    std::vector<double> x(width, 0.), t(width, 0.);
    x[1] = -std::numeric_limits<double>::infinity();
    t[0] = 1;
    Rows<double> rows{x, static_cast<std::int64_t>(width)};
    rows.targets = t;
    rows.evaluate(CategoricalCrossEntropyWithLogits{.label_smoothing = .25}, Reduction::none, false);
    EXPECT_EQ(rows.value[0], std::numeric_limits<double>::infinity());
    rows.evaluate(CategoricalCrossEntropyWithLogits{}, Reduction::none, false);
    EXPECT_DOUBLE_EQ(rows.value[0], std::log(static_cast<double>(width - 1)));
  }
}

/// Slopes of 300 logits in f64 by either path: asked for the slopes of the targets too, no lane is used.
void hold_to_quad(const std::vector<double>& x, const std::vector<double>& t, const std::string& what) {
  const auto width = static_cast<std::int64_t>(x.size());
  std::vector<double> value(1), in_lanes(x.size()), in_quad(x.size()), by_t(x.size());
  Call<double> call;
  call.reduction = Reduction::none;
  call.inputs[0] = {x.data(), nullptr, {1, width, 1}};
  call.inputs[1] = {t.data(), nullptr, {1, width, 1}};
  call.value = value.data();
  call.gradient[0] = in_lanes.data();
  evaluate(CategoricalCrossEntropyWithLogits{}, call);
  call.gradient = {in_quad.data(), by_t.data()};
  evaluate(CategoricalCrossEntropyWithLogits{}, call);
  for (std::size_t c = 0; c < x.size(); ++c)
    EXPECT_NEAR(in_lanes[c], in_quad[c], std::fabs(in_quad[c]) * 0x1p-52 + t[c] * 0x1p-92)
        << what << ", " << c;
}

TEST(LogitRows, TargetsThatAreAllButTheSharesLeaveSlopesWithAllTheirDigits) {
  for (int closeness = 10; closeness < 50; ++closeness) {
    std::vector<double> x, t;
    long double total = 0, sum = 0;
    for (int c = 0; c < 300; ++c) {
      x.push_back(6 * std::sin(c * c + closeness));
      total += std::exp(static_cast<long double>(x.back()));
    }
    for (const double each : x) {
      const long double share = std::exp(static_cast<long double>(each)) / total;
      t.push_back(static_cast<double>(share * (1 + std::ldexp(std::sin(1e3L * each), -closeness))));
      sum += static_cast<long double>(t.back());
    }
    ASSERT_NEAR(static_cast<double>(sum), 1, std::ldexp(1, -closeness));
    hold_to_quad(x, t, "2^-" + std::to_string(closeness) + " apart");
  }
}

}  // namespace
}  // namespace assay
