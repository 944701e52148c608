// Rows of logits that are too long, too decided or too large for the systematic cases, against their
// formulas.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "losses/call.hpp"
#include "losses/catalogue/catalogue.hpp"
#include "losses/shapes/logits/soft_target.hpp"

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
  const double p = 1 / static_cast<double>(width), s = std::log(width);
  const double rounding = PerDtype<double>{.f32 = 1.2e-7, .f64 = 6e-16}[dtype_of<T>];
  rows.evaluate(PolyCrossEntropyWithLogits{}, Reduction::none);
  EXPECT_NEAR(rows.value[0], s + (1 - p), rounding * s) << logit << ", " << width << " classes";
  EXPECT_NEAR(rows.gradient[0], (1 + p) * p, rounding * p) << logit << ", " << width << " classes";
  rows.evaluate(FocalWithLogits{.gamma = 1}, Reduction::none);
  EXPECT_NEAR(rows.value[0], (1 - p) * s, rounding * s) << logit << ", " << width << " classes";
  EXPECT_NEAR(rows.gradient[0], (p * s + 1 - p) * p, rounding * p) << logit << ", " << width << " classes";
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
  const T rounding = PerDtype<T>{.f32 = T(1.2e-7), .f64 = T(2.3e-16)}[dtype_of<T>];
  auto check_both = [&](const char* what, T v, T by_x) {
    EXPECT_NEAR(rows.value[0], v, rounding * v) << what << ", " << above << " above " << width;
    EXPECT_NEAR(rows.gradient[7], by_x, -rounding * by_x) << what << ", " << above << " above " << width;
  };
  auto check = [&](const char* what) { check_both(what, value, slope); };
  rows.labels = {7};
  rows.evaluate(SparseCategoricalCrossEntropyWithLogits{}, Reduction::none);
  check("label");
  const long double s = std::log1p(others), p = 1 / (1 + others), r = others * p;
  rows.evaluate(PolyCrossEntropyWithLogits{}, Reduction::none);
  check_both("polynomial", static_cast<T>(s + r), static_cast<T>(-(1 + p) * r));
  for (const double gamma : {.5, 2., 5.}) {
    const long double power = std::pow(r, static_cast<long double>(gamma));
    rows.evaluate(FocalWithLogits{.gamma = gamma}, Reduction::none);
    const auto by_x = static_cast<T>(-power * (static_cast<long double>(gamma) * p * s + r));
    if (std::fabs(by_x) > std::numeric_limits<T>::min()) check_both("power", static_cast<T>(power * s), by_x);
  }
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

/// Slopes of log-softmax with the cotangents `s`, beside those of its row in Quad.
template <class T>
void hold_to_row(const std::vector<T>& x, const std::vector<T>& s, const std::string& what) {
  using W = Wide<T>;
  constexpr bool is_double = sizeof(T) == sizeof(double);
  Rows<T> rows{x, static_cast<std::int64_t>(x.size())};
  rows.cotangent = s;
  rows.evaluate(LogSoftmax{}, Reduction::none);
  const LogitRow<T> row(x);
  const TargetTotal<W> total(x.size(), [&](std::size_t c) { return widen(s[c]); });
  double size = 0;
  for (const T each : s) size += std::fabs(static_cast<double>(each));
  for (std::size_t c = 0; c < x.size(); ++c) {
    const W given = widen(s[c]);
    const T slope = -narrow<T>(row.slope(c, given, total.without(c, given), W(1), W(0)));
    const double sensitivity = std::fabs(static_cast<double>(s[c])) + size * narrow<double>(row.share(c));
    const double bound = is_double ? 0x1p-52 * std::fabs(slope) + 0x1p-92 * sensitivity
                                   : 0x1p-23 * std::fabs(slope) + 0x1p-48 * sensitivity;
    EXPECT_NEAR(rows.gradient[c], slope, bound) << what << ", " << c;
    EXPECT_NEAR(rows.value[c], -narrow<T>(row.surprise(c)), (is_double ? 0x1p-52 : 0x1p-23) * -rows.value[c])
        << what << ", " << c;
  }
}

/// Cotangents that are 2^-closeness from the share of their sum, 1, but for two that cancel; `lead`, the
/// first logit, and of a decided row its cotangent such that this slope vanishes too.
template <class T>
void hold_close_cotangents(std::size_t width, int closeness, double lead) {
  std::vector<T> x, s;
  long double total = 0, others = 0;
  for (std::size_t c = 0; c < width; ++c) {
    x.push_back(static_cast<T>(c == 0 ? lead : 6 * std::sin(static_cast<double>(c * c) + closeness)));
    total += std::exp(static_cast<long double>(x.back()));
  }
  for (const T each : x) {
    const long double share = std::exp(static_cast<long double>(each)) / total;
    s.push_back(static_cast<T>(share * (1 + std::ldexp(std::sin(1e3L * each), -closeness))));
    if (s.size() > 1) others += static_cast<long double>(s.back());
  }
  const long double top = std::exp(static_cast<long double>(x[0]));
  s[0] = static_cast<T>(others * top / (total - top) * (1 + std::ldexp(1.L, -closeness)));
  s[1] += 1;
  s[2] -= 1;
  hold_to_row(x, s,
              std::to_string(width) + " wide, 2^-" + std::to_string(closeness) + ", " + std::to_string(lead));
}

TEST(LogitRows, CotangentsThatAreAllButTheirSharesLeaveSlopesWithAllTheirDigits) {
  for (const std::size_t width : {3, 64, 65, 300, 1000})
    for (int closeness = 2; closeness < 50; closeness += width < 300 ? 1 : 5)
      for (const double lead : {0., 8., 30.}) {
        hold_close_cotangents<float>(width, closeness, lead);
        hold_close_cotangents<double>(width, closeness, lead);
      }
}

TEST(LogitRows, EvenCotangentsLeaveSlopesWithAllTheirDigits) {
  // x and C-1 zeros: the slope of the mean by x is (1 - C p)/C = (C-1)/C (1 - e^x)/(e^x + C-1).
  for (const std::size_t width : {2, 64, 65, 1000})
    for (int smallness = 0; smallness < 60; ++smallness)
      for (const double sign : {-1., 1.}) {
        Rows<double> rows{std::vector<double>(width, 0.), static_cast<std::int64_t>(width)};
        rows.x[1] = std::ldexp(sign * .7, -smallness);
        rows.evaluate(LogSoftmax{}, Reduction::mean);
        const long double less = -std::expm1(static_cast<long double>(rows.x[1])),
                          c = static_cast<long double>(width);
        const auto slope = static_cast<double>((c - 1) / c * less / (c - less));
        EXPECT_NEAR(rows.gradient[1], slope, 0x1p-52 * std::fabs(slope)) << width << ", " << smallness;
        const auto value = static_cast<double>(std::log1p(-less / c) + std::log(c) -
                                               static_cast<long double>(rows.x[1]) / c);
        EXPECT_NEAR(rows.value[0], -value, 0x1p-51 * value) << width << ", " << smallness;
      }
}

}  // namespace
}  // namespace assay
