// How the front door carries losses of three axes is shown on two sketches with the shapes of `ge2e` and
// `ctc`. Their kernels compute sums, and tell what reached them.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <assay/losses.hpp>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace assay {
namespace sketch {

struct Ge2e {
  double w = 10, b = -5;
  std::string_view variant = "softmax";
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

struct Ctc {
  std::int64_t blank = 0;
  bool zero_infinity = false;
  auto operator()(const auto&... inputs) const { return mean(*this, inputs...); }
};

inline constexpr Inputs embedding{
    {.name = "embedding", .axes = "SUD", .domain = domain::finite, .about = "speakers, their utterances"}};
inline constexpr Domain any_length{.low = 0, .text = "a length"};
inline constexpr Inputs alignment{
    {.name = "log_probability", .axes = "TNC", .domain = domain::extended},
    {.name = "labels", .axes = "NS", .domain = domain::label, .integer = true},
    {.name = "input_lengths", .axes = "N", .domain = any_length, .integer = true},
    {.name = "target_lengths", .axes = "N", .domain = any_length, .integer = true}};
inline constexpr Source source{"a sketch", 2024, "https://example.org"};

/// What the last kernel was given besides numbers.
struct Seen {
  int threads = 0;
  std::size_t workspace = 0;
  const void* workspace_at = nullptr;
};
Seen seen;

template <class T>
void look(const Call<T>& call) {
  seen = {call.threads, call.workspace.size(), call.workspace.data()};
}
template <class T>
T cotangent(const Call<T>& call, std::size_t i) {
  return call.cotangent == nullptr ? T{1} : call.cotangent[call.reduction == Reduction::none ? i : 0];
}

/// Each utterance's value is w sum_d e_d + b, its negative for the other variant.
template <class T>
void sums(const Ge2e& loss, const Call<T>& call) {
  look(call);
  const auto [speakers, utterances, features] = call.inputs[0].extent;
  const auto values = static_cast<std::size_t>(speakers * utterances),
             width = static_cast<std::size_t>(features);
  const T sign = loss.variant == "contrast" ? T{-1} : T{1}, w = static_cast<T>(loss.w),
          b = static_cast<T>(loss.b);
  const bool reduced = call.reduction != Reduction::none;
  const T divisor = call.reduction == Reduction::mean ? static_cast<T>(values) : T{1};
  T total{};
  for (std::size_t i = 0; i < values; ++i) {
    T sum{};
    for (std::size_t d = 0; d < width; ++d) {
      sum += call.inputs[0].real[i * width + d];
      if (call.gradient[0] != nullptr)
        call.gradient[0][i * width + d] = sign * w * cotangent(call, i) / divisor;
    }
    total += sign * (w * sum + b);
    if (!reduced) call.value[i] = sign * (w * sum + b);
  }
  if (reduced) *call.value = total / divisor;
}

/// Minus a sample's blanks up to its length, minus its labels, the s-th at step s.
template <class T>
void sums(const Ctc& loss, const Call<T>& call) {
  look(call);
  const std::int64_t steps = call.inputs[0].extent[0], samples = call.inputs[0].extent[1],
                     classes = call.inputs[0].extent[2];
  const std::int64_t padded = call.inputs[1].extent[1];
  if (call.gradient[0] != nullptr) std::fill_n(call.gradient[0], steps * samples * classes, T{});
  T total{};
  for (std::int64_t n = 0; n < samples; ++n) {
    const std::int64_t length = call.inputs[3].integer[n];
    const bool reduced = call.reduction != Reduction::none;
    const T divisor = call.reduction == Reduction::mean
                          ? static_cast<T>(samples * std::max<std::int64_t>(1, length))
                          : T{1};
    T value{};
    const auto visit = [&](auto&& use) {
      for (std::int64_t t = 0; t < call.inputs[2].integer[n]; ++t)
        use((t * samples + n) * classes + loss.blank);
      for (std::int64_t s = 0; s < length; ++s)
        use((s * samples + n) * classes + call.inputs[1].integer[n * padded + s]);
    };
    visit([&](std::int64_t at) { value -= call.inputs[0].real[at]; });
    if (loss.zero_infinity && value == std::numeric_limits<T>::infinity()) {
      value = 0;
    } else if (call.gradient[0] != nullptr) {
      visit([&](std::int64_t at) {
        call.gradient[0][at] -= cotangent(call, static_cast<std::size_t>(n)) / divisor;
      });
    }
    total += value / divisor;
    if (!reduced) call.value[n] = value;
  }
  if (call.reduction != Reduction::none) *call.value = total;
}

}  // namespace sketch

template <>
inline constexpr std::array parameters<sketch::Ge2e>{
    Parameter{"w", &sketch::Ge2e::w, domain::finite}, Parameter{"b", &sketch::Ge2e::b, domain::finite},
    Parameter{"variant", &sketch::Ge2e::variant, {}, {"softmax", "contrast"}}};
template <>
inline constexpr std::array parameters<sketch::Ctc>{
    Parameter{"blank", &sketch::Ctc::blank, {.low = 0, .text = "a class"}},
    Parameter{"zero_infinity", &sketch::Ctc::zero_infinity}};
template <>
inline constexpr Facts facts<sketch::Ge2e>{.name = "ge2e",
                                           .type = "Ge2e",
                                           .title = "a sketch",
                                           .formula = "w sum e + b",
                                           .kind = Kind::row_wise,
                                           .inputs = sketch::embedding,
                                           .output = "SU",
                                           .rows_depend = true,
                                           .scale = "w",
                                           .source = sketch::source};
template <>
inline constexpr Facts facts<sketch::Ctc>{.name = "ctc",
                                          .type = "Ctc",
                                          .title = "a sketch",
                                          .formula = "-sum l",
                                          .kind = Kind::row_wise,
                                          .inputs = sketch::alignment,
                                          .output = "N",
                                          .rows_depend = true,
                                          .scale = "max(1, loss)",
                                          .source = sketch::source};
static_assert(fault_of<sketch::Ge2e>() == Fault::none);
static_assert(fault_of<sketch::Ctc>() == Fault::none);

template <>
std::size_t workspace_bytes(const sketch::Ge2e&, const Call<double>&) {
  return 0;
}
/// Three doubles and a half a sample where there is a gradient.
template <>
std::size_t workspace_bytes(const sketch::Ctc&, const Call<double>& call) {
  return call.gradient[0] == nullptr ? 0 : 28 * static_cast<std::size_t>(call.inputs[0].extent[1]);
}
template <>
std::size_t workspace_bytes(const sketch::Ctc&, const Call<float>&) {
  return 0;
}
template <>
void evaluate(const sketch::Ge2e& loss, const Call<double>& call) {
  sketch::sums(loss, call);
}
template <>
void evaluate(const sketch::Ctc& loss, const Call<double>& call) {
  sketch::sums(loss, call);
}
template <>
void evaluate(const sketch::Ctc& loss, const Call<float>& call) {
  sketch::sums(loss, call);
}

namespace {

using sketch::Ctc;
using sketch::Ge2e;

template <class Action>
std::string refusal(Action&& action) {
  try {
    action();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "accepted";
}

class Speakers : public testing::Test {
 protected:
  const std::vector<double> numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const Shaped<double> embedding{numbers, {2, 3, 2}};
};

TEST_F(Speakers, EachUtteranceHasAValue) {
  std::vector<double> out(6), slope(12);
  each(Ge2e{.w = 2, .b = 1}, out, into(slope), embedding);
  EXPECT_EQ(out, (std::vector<double>{7, 15, 23, 31, 39, 47}));
  EXPECT_EQ(slope, std::vector<double>(12, 2.));
  const std::vector<double> cotangent{1, 0, 0, 0, 0, 4};
  each(Ge2e{.w = 2, .b = 1, .variant = "contrast"}, out, into(slope).times(cotangent), embedding);
  EXPECT_EQ(out, (std::vector<double>{-7, -15, -23, -31, -39, -47}));
  EXPECT_EQ(slope, (std::vector<double>{-2, -2, 0, 0, 0, 0, 0, 0, 0, 0, -8, -8}));
  EXPECT_EQ((Ge2e{.w = 2, .b = 1}(into(slope), embedding)), 27);
  EXPECT_EQ(slope, std::vector<double>(12, 2. / 6));
  EXPECT_EQ((Ge2e{.w = 2, .b = 1}(Shaped{numbers, {2, 3, 2}})), 27);
}

TEST_F(Speakers, ShapesThatDoNotFitAreRefusedByName) {
  std::vector<double> small(5);
  EXPECT_EQ(refusal([&] { Ge2e{}(numbers); }),
            "ge2e: embedding has three axes: pass Shaped{numbers, {S, U, D}}");
  EXPECT_EQ(refusal([&] {
              Ge2e{}(Rows{numbers, 2});
            }),
            "ge2e: embedding has three axes: pass Shaped{numbers, {S, U, D}}");
  EXPECT_EQ(refusal([&] {
              Ge2e{}(Shaped{numbers, {2, 3, 3}});
            }),
            "ge2e: embedding has 12 numbers, which is not 2 x 3 x 3");
  EXPECT_EQ(refusal([&] {
              Ge2e{}(Shaped{numbers, {2, 6}});
            }),
            "ge2e: embedding has 12 numbers, which is not 2 x 6 x 0");
  EXPECT_EQ(refusal([&] {
              Ge2e{}(Shaped{std::vector<double>{}, {2, 3, 0}});
            }),
            "ge2e: embedding is empty: a row needs a number at least");
  EXPECT_EQ(refusal([&] { each(Ge2e{}, small, embedding); }),
            "ge2e: the output has 5 numbers; it must have 6");
  EXPECT_EQ(refusal([&] { Ge2e{}(into(small), embedding); }),
            "ge2e: the gradient by embedding has 5 numbers; it must have 12");
  EXPECT_EQ(refusal([&] { Ge2e{.variant = "soft"}(embedding); }),
            "ge2e: variant is \"soft\"; it must be \"softmax\" or \"contrast\"");
}

TEST_F(Speakers, ExtentsWhoseProductIsNoNumberAreRefused) {
  constexpr std::size_t half = std::size_t{1} << 32;
  EXPECT_EQ(refusal([&] {
              Ge2e{}(Shaped{std::vector<double>{}, {half, half, 1}});
            }),
            "ge2e: embedding has 0 numbers, which is not 4294967296 x 4294967296 x 1");
  EXPECT_EQ(refusal([&] {
              Ge2e{}(Shaped{std::vector<double>{}, {half, half, 0}});
            }),
            "ge2e: embedding is empty: a row needs a number at least");
}

/// Three steps, two samples, two classes: l(t, n, c) = 4t + 2n + c. The second sample has two labels and two
/// steps.
class Samples : public testing::Test {
 protected:
  const std::vector<double> numbers{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  const std::vector<std::int64_t> padded{1, -7, 1, 0}, input_lengths{3, 2}, target_lengths{1, 2};
  const Shaped<double> log_probability{numbers, {3, 2, 2}};
  const Rows<std::int64_t> labels{padded, 2};
};

TEST_F(Samples, LabelsAndLengthsArrive) {
  std::vector<double> out(2), slope(12);
  each(Ctc{}, out, into(slope), log_probability, labels, input_lengths, target_lengths);
  EXPECT_EQ(out, (std::vector<double>{-(0 + 4 + 8) - 1, -(2 + 6) - (3 + 6)}));
  EXPECT_EQ(slope, (std::vector<double>{-1, -1, -1, -1, -1, 0, -2, 0, -1, 0, 0, 0}));
  const double loss = Ctc{}(log_probability, Rows{padded, 2}, input_lengths, target_lengths);
  EXPECT_EQ(loss, (-13. / 1 + -17. / 2) / 2);
  EXPECT_EQ((sum(Ctc{.blank = 1}, log_probability, labels, input_lengths, target_lengths)),
            -16 + -(3 + 7) - 9);
}

TEST_F(Samples, SwitchesArrive) {
  std::vector<double> infinite = numbers, out(2), slope(12);
  infinite[0] = -std::numeric_limits<double>::infinity();
  const Shaped<double> impossible{infinite, {3, 2, 2}};
  each(Ctc{}, out, impossible, labels, input_lengths, target_lengths);
  EXPECT_EQ(out[0], std::numeric_limits<double>::infinity());
  each(Ctc{.zero_infinity = true}, out, into(slope), impossible, labels, input_lengths, target_lengths);
  EXPECT_EQ(out, (std::vector<double>{0, -17}));
  EXPECT_EQ(slope[0], 0);
}

TEST_F(Samples, FloatsGoTheSameWay) {
  const std::vector<float> same(numbers.begin(), numbers.end());
  std::vector<float> out(2), slope(12);
  each(Ctc{}, out, into(slope), Shaped{same, {3, 2, 2}}, labels, input_lengths, target_lengths);
  EXPECT_EQ(out, (std::vector<float>{-13, -17}));
  EXPECT_EQ(slope[6], -2);
}

TEST_F(Samples, WhatDoesNotFitIsRefusedByName) {
  const std::vector<std::int64_t> three{1, 2, 3};
  std::vector<double> slope(12);
  EXPECT_EQ(refusal([&] { Ctc{}(log_probability, labels, input_lengths); }),
            "ctc: target_lengths is missing");
  EXPECT_EQ(refusal([&] { Ctc{}(log_probability, labels, three, target_lengths); }),
            "ctc: input_lengths has 3 along N where log_probability has 2; they must agree");
  EXPECT_EQ(refusal([&] {
              Ctc{}(log_probability, Rows{padded, 1}, input_lengths, target_lengths);
            }),
            "ctc: labels has 4 along N where log_probability has 2; they must agree");
  EXPECT_EQ(refusal([&] { Ctc{}(log_probability, padded, input_lengths, target_lengths); }),
            "ctc: labels has 1 along N where log_probability has 2; they must agree");
  EXPECT_EQ(refusal([&] {
              Ctc{}(log_probability, Shaped{padded, {2, 1, 2}}, input_lengths, target_lengths);
            }),
            "ctc: labels has two axes: pass Rows{numbers, S}");
  EXPECT_EQ(refusal([&] {
              Ctc{}(log_probability, labels, Rows{input_lengths, 1}, target_lengths);
            }),
            "ctc: input_lengths has one axis: pass a plain range");
  EXPECT_EQ(refusal([&] {
              Ctc{}(log_probability, Rows{numbers, 6}, input_lengths, target_lengths);
            }),
            "ctc: labels holds whole numbers: pass std::int64_t");
  EXPECT_EQ(refusal([&] {
              Ctc{}(into(unwanted, unwanted, slope), log_probability, labels, input_lengths, target_lengths);
            }),
            "ctc: input_lengths holds whole numbers: there is no derivative by it");
  EXPECT_EQ(refusal([&] { Ctc{.blank = -1}(log_probability, labels, input_lengths, target_lengths); }),
            "ctc: blank is -1; it must be a class");
}

TEST_F(Samples, ThreadsReachTheKernel) {
  std::vector<double> slope(12);
  Ctc{}(log_probability, labels, input_lengths, target_lengths);
  EXPECT_EQ(sketch::seen.threads, 1);
  Ctc{}(Threads{4}, log_probability, labels, input_lengths, target_lengths);
  EXPECT_EQ(sketch::seen.threads, 4);
  mean(Ctc{}, into(slope), Threads{2}, log_probability, labels, input_lengths, target_lengths);
  EXPECT_EQ(sketch::seen.threads, 2);
  EXPECT_EQ(slope[0], -.5);
  EXPECT_EQ(refusal([&] { Ctc{}(Threads{0}, log_probability, labels, input_lengths, target_lengths); }),
            "ctc: Threads is 0; it must be 1 or more");
}

TEST_F(Samples, AWorkspaceIsLentOrMade) {
  std::vector<double> slope(12), scratch(100), small(6);
  EXPECT_EQ(workspace_size(Ctc{}, log_probability, labels, input_lengths, target_lengths), 0);
  EXPECT_EQ(workspace_size(Ctc{}, into(slope), log_probability, labels, input_lengths, target_lengths), 7);
  Ctc{}(log_probability, labels, input_lengths, target_lengths);
  EXPECT_EQ(sketch::seen.workspace, 0);
  Ctc{}(into(slope), log_probability, labels, input_lengths, target_lengths);
  EXPECT_EQ(sketch::seen.workspace, 56);
  Ctc{}(into(slope), Workspace{scratch}, log_probability, labels, input_lengths, target_lengths);
  EXPECT_EQ(sketch::seen.workspace_at, scratch.data());
  slope.assign(12, 7);
  EXPECT_EQ(refusal([&] {
              Ctc{}(Workspace{small}, into(slope), log_probability, labels, input_lengths, target_lengths);
            }),
            "ctc: the workspace has 6 numbers; it must have 7 (workspace_size)");
  EXPECT_EQ(slope, std::vector<double>(12, 7.));
}

TEST(LeadingAxes, AreAsGoodAsOne) {
  const std::vector<double> x(12, 0.);
  const std::vector<std::int64_t> labels{0, 1, 0, 1, 0, 1};
  std::vector<double> out(6), share(12);
  each(SparseCategoricalCrossEntropyWithLogits{}, out, Shaped{x, {2, 3, 2}}, Rows{labels, 3});
  EXPECT_EQ(out, std::vector<double>(6, std::log(2.)));
  each(Softmax{}, share, Shaped{x, {3, 2, 2}});
  EXPECT_EQ(share, std::vector<double>(12, .5));
  EXPECT_EQ(Mse{}(Shaped{x, {3, 2, 2}}, Shaped{x, {3, 2, 2}}), 0);
  EXPECT_EQ(refusal([&] {
              Mse{}(Shaped{x, {3, 2, 2}}, Shaped{x, {2, 2, 3}});
            }),
            "mse: target has rows of 3 where another input has rows of 2");
  const std::vector<double> target(12, 1.), weight{1, 3};
  EXPECT_NEAR((BinaryCrossEntropyWithLogits{}(Shaped{x, {3, 2, 2}}, target, weight)), 2 * std::log(2.),
              1e-15);
}

}  // namespace
}  // namespace assay
