// Regimes: every clause of the contract's section 4, from both sides of its bound.
#include "tools/judge/regime.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ostream>
#include <set>
#include <utility>

#include "losses/catalogue/candidates.hpp"
#include "reference/graph/recorded_case.hpp"
#include "tools/cases/case_builder.hpp"
#include "tools/judge/degenerate.hpp"

namespace assay {

void PrintTo(Regime r, std::ostream* out) { *out << name(r); }

namespace {

using reference::Component;
using reference::TensorTruth;
using reference::Truth;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Tensor numbers(std::vector<std::int64_t> shape, std::vector<double> all) {
  return {.shape = std::move(shape), .real = std::move(all), .integer = {}};
}
Tensor integers(std::vector<std::int64_t> shape, std::vector<std::int64_t> all) {
  return {.shape = std::move(shape), .real = {}, .integer = std::move(all), .is_integer = true};
}
Case question(const std::string& loss, std::map<std::string, Tensor> inputs, Dtype dtype = Dtype::f32) {
  Case c;
  c.loss = loss;
  c.dtype = dtype;
  c.inputs = std::move(inputs);
  return c;
}
Regime certified(const Case& c) { return regime_of(c, reference::certify(c)); }

Component component(double rounded, double scale = 0, double offset = 0) {
  Component c;
  c.rounded = c.lower = c.upper = rounded;
  c.scale = scale;
  c.offset = offset;
  return c;
}
Component with_digits(double rounded, double scale, std::string digits) {
  Component c = component(rounded, scale);
  c.digits = std::move(digits);
  return c;
}

/// Of ordinary inputs, whose value has these components: one row each.
Regime of_values(std::vector<Component> all, Dtype dtype = Dtype::f32) {
  const auto n = static_cast<std::int64_t>(all.size());
  Case c = question("softplus", {{"x", numbers({n}, std::vector<double>(all.size(), 1))}}, dtype);
  c.reduction = Reduction::none;
  Truth truth;
  truth.value = {{n}, std::move(all)};
  return regime_of(c, truth);
}
/// The same of a loss that keeps rows: all of them one row.
Regime of_row(std::vector<Component> all, Dtype dtype = Dtype::f32) {
  const auto n = static_cast<std::int64_t>(all.size());
  Case c = question("softmax", {{"x", numbers({n}, std::vector<double>(all.size(), 1))}}, dtype);
  c.reduction = Reduction::none;
  Truth truth;
  truth.value = {{n}, std::move(all)};
  return regime_of(c, truth);
}

Case softplus(double x, Dtype dtype = Dtype::f32) {
  return question("softplus", {{"x", numbers({2}, {1, x})}}, dtype);
}

TEST(Regime, EachHasAName) {
  std::set<std::string_view> names;
  for (const Regime each : regimes) {
    EXPECT_EQ(regime_named(name(each)), each);
    names.insert(name(each));
  }
  EXPECT_EQ(names.size(), 6u);
  EXPECT_EQ(regime_named("Everyday"), std::nullopt);
  EXPECT_TRUE(std::ranges::is_sorted(regimes)) << "the reports' order";
}

TEST(Regime, OutsideTheDomainIsInvalid) {
  const Case c = question("hinge", {{"score", numbers({1}, {infinity})}, {"target", numbers({1}, {.5})}});
  EXPECT_EQ(regime_of_inputs(c), Regime::invalid) << "before its infinity makes it special";
  EXPECT_EQ(certified(c), Regime::invalid);
}

TEST(Regime, ANaNOrAnInfinityIsSpecial) {
  for (const double x : {nan, infinity, -infinity}) {
    EXPECT_EQ(regime_of_inputs(softplus(x)), Regime::special) << x;
    EXPECT_EQ(certified(softplus(x)), Regime::special) << x;
  }
  Case c = softplus(1);
  c.inputs["cotangent"] = numbers({}, {nan});
  EXPECT_EQ(certified(c), Regime::special);
  Case empty = question("log_sum_exp", {{"x", numbers({0, 3}, {})}});
  empty.inputs["cotangent"] = numbers({}, {nan});
  EXPECT_EQ(certified(empty), Regime::special) << "before an empty axis makes it degenerate";
}

TEST(Regime, AnEmptyAxisIsDegenerate) {
  EXPECT_EQ(certified(question("softplus", {{"x", numbers({0}, {})}})), Regime::degenerate);
  EXPECT_EQ(certified(question("softplus", {{"x", numbers({1}, {1})}})), Regime::everyday);
  EXPECT_EQ(certified(question("log_sum_exp", {{"x", numbers({0, 3}, {})}})), Regime::degenerate);
  const Case ctc = question("ctc", {{"log_probability", numbers({1, 1, 2}, {-1, -1})},
                                    {"labels", integers({1, 0}, {})},
                                    {"input_lengths", integers({1}, {1})},
                                    {"target_lengths", integers({1}, {0})}});
  EXPECT_EQ(certified(ctc), Regime::degenerate) << "labels have one";
}

TEST(Regime, AMeanDividedByNothingIsDegenerate) {
  Case c = question("sparse_categorical_cross_entropy_with_logits",
                    {{"logits", numbers({2, 2}, {1, 2, 3, 5})}, {"labels", integers({2}, {-100, -100})}});
  EXPECT_EQ(certified(c), Regime::degenerate);
  c.parameters["ignore_index"] = std::int64_t{-1};
  c.inputs["labels"] = integers({2}, {-1, -1});
  EXPECT_EQ(certified(c), Regime::degenerate);
  c.reduction = Reduction::sum;
  EXPECT_EQ(certified(c), Regime::everyday) << "a sum over nothing is 0";
  c.reduction = Reduction::mean;
  c.inputs["labels"] = integers({2}, {-1, 1});
  EXPECT_EQ(certified(c), Regime::everyday);
  c.inputs["weight"] = numbers({2}, {1, 0});
  EXPECT_EQ(certified(c), Regime::degenerate) << "the row that is kept weighs nothing";
  c.inputs["labels"] = integers({2}, {0, 1});
  EXPECT_EQ(certified(c), Regime::everyday);
}

TEST(Regime, AMeanOverRowsOfWhichNoneHasAPositiveIsDegenerate) {
  Case c =
      question("supcon", {{"z", numbers({3, 2}, {1, 2, 3, 5, 8, 13})}, {"labels", integers({3}, {4, 5, 6})}});
  EXPECT_EQ(certified(c), Regime::degenerate);
  c.inputs["labels"] = integers({3}, {4, 5, 4});
  EXPECT_EQ(certified(c), Regime::everyday);
  c.inputs["labels"] = integers({3}, {4, 5, 6});
  c.reduction = Reduction::none;
  EXPECT_EQ(certified(c), Regime::everyday) << "nothing is divided";
}

TEST(Regime, ANormalisedRowOfZerosIsDegenerate) {
  for (const char* row : {"x1", "x2"}) {
    Case c = question("cosine_distance",
                      {{"x1", numbers({2, 2}, {1, 2, 3, 5})}, {"x2", numbers({2, 2}, {1, 3, 0, 5})}});
    EXPECT_EQ(certified(c), Regime::everyday) << "a zero is no row of zeros";
    c.inputs[row].real = {1, 2, 0, -0.0};
    EXPECT_EQ(certified(c), Regime::degenerate) << row;
    EXPECT_EQ(regime_of_inputs(c), Regime::degenerate) << row;
  }
  Case c = question("info_nce", {{"query", numbers({1, 2}, {1, 2})},
                                 {"positive", numbers({1, 2}, {1, 1})},
                                 {"negative", numbers({2, 2}, {1, 1, 0, 0})}});
  EXPECT_EQ(certified(c), Regime::degenerate);
  c.parameters["normalize"] = false;
  EXPECT_EQ(certified(c), Regime::everyday) << "products of zeros are ordinary";
  EXPECT_EQ(
      certified(question("mae", {{"prediction", numbers({2}, {0, 0})}, {"target", numbers({2}, {0, 0})}})),
      Regime::everyday);
}

TEST(Regime, ACentroidOfZerosIsDegenerateWhereAGradientIsAskedFor) {
  Case c = question("ge2e", {{"embedding", numbers({2, 3, 1}, {1, 2, -2, 3, 4, 5})}});
  c.wrt = {"embedding"};
  EXPECT_EQ(certified(c), Regime::degenerate);
  c.inputs["embedding"].real[2] = 2;
  EXPECT_EQ(certified(c), Regime::everyday);
}

TEST(Regime, AnInfiniteValueWhoseGradientNobodyChecksIsNotDegenerate) {
  const Case c = question("softplus", {{"x", numbers({1}, {1})}});
  Truth truth;
  truth.value = {{}, {component(infinity)}};
  truth.value.components[0].sensitivity = nan;
  truth.gradient["x"] = {{1}, {component(nan)}};
  truth.gradient["x"].components[0].checked = false;
  EXPECT_EQ(regime_of(c, truth), Regime::everyday);
  truth.value.components[0] = component(1);
  EXPECT_EQ(regime_of(c, truth), Regime::degenerate);
}

// What is normalised, the formulas say to the reference's intrinsic scale; the records say it by promises.
TEST(Regime, EveryNormalisedInputIsKnownByItsPromises) {
  for (const Record& record : catalogue()) {
    CaseBuilder builder(record, Dtype::f64, 1, "all");
    for (const char letter : letters(record)) builder.extent(letter, 3);
    const Case ordinary = builder.rows(4).fill().annotated({}, "").question;
    const auto recorded = reference::record_case(ordinary);
    for (const Input& input : record.inputs) {
      const auto leaves = recorded->inputs.leaves.find(input.name);
      if (leaves == recorded->inputs.leaves.end()) continue;
      const bool normalised = recorded->inputs.normalizers.contains(leaves->second.front().index());
      Case zeros = ordinary;
      for (double& x : zeros.inputs.at(std::string(input.name)).real) x = 0;
      if (why_invalid(zeros)) continue;
      EXPECT_EQ(is_degenerate(zeros), normalised) << record.name << " " << input.name;
    }
    EXPECT_FALSE(is_degenerate(ordinary)) << record.name;
  }
}

TEST(Regime, AnOverlapOfNothingWithNothingIsDegenerate) {
  for (const char* loss : {"dice", "jaccard", "tversky"}) {
    Case c = question(loss, {{"probability", numbers({2, 2}, {.5, 1, 0, 0})},
                             {"target", numbers({2, 2}, {0, 1, 0, -0.0})}});
    EXPECT_EQ(certified(c), Regime::degenerate) << loss;
    c.parameters["smooth"] = 1.;
    EXPECT_EQ(certified(c), Regime::everyday) << loss;
    c.parameters["smooth"] = 0.;
    c.inputs["target"].real[3] = .5;
    EXPECT_EQ(certified(c), Regime::everyday) << loss;
  }
  Case c = question("dice", {{"probability", numbers({1, 2}, {0, 0})}, {"target", numbers({1, 2}, {0, 0})}});
  c.parameters["squared"] = false;
  EXPECT_EQ(certified(c), Regime::degenerate);
}

TEST(Regime, WhatTverskyDoesNotCountIsNothing) {
  Case c =
      question("tversky", {{"probability", numbers({1, 2}, {.5, 0})}, {"target", numbers({1, 2}, {0, 0})}});
  EXPECT_EQ(certified(c), Regime::everyday);
  c.parameters["alpha"] = 0.;
  EXPECT_EQ(certified(c), Regime::degenerate);
  c.inputs["target"].real = {0, .5};
  EXPECT_EQ(certified(c), Regime::everyday);
  c.parameters["beta"] = 0.;
  EXPECT_EQ(certified(c), Regime::degenerate);
  c.inputs["target"].real = {.5, .5};
  EXPECT_EQ(certified(c), Regime::everyday);
}

TEST(Regime, OneCandidateAtMostIsDegenerate) {
  const auto of_classes = [](const Record& record, std::int64_t count) {
    CaseBuilder builder(record, Dtype::f64, 3, "candidates");
    for (const char letter : letters(record)) builder.extent(letter, 4);
    const Candidates none{};
    Candidates among = none;
    for_each_loss([&]<class Loss>() {
      if (facts<Loss>.name == record.name) among = candidates<Loss>;
    });
    builder.rows(4).extent(among.axis, count - among.more);
    return builder.fill().question;
  };
  for (const char* loss :
       {"log_sum_exp", "softmax", "log_softmax", "categorical_cross_entropy_with_logits",
        "sparse_categorical_cross_entropy_with_logits", "focal_with_logits", "poly_cross_entropy_with_logits",
        "multi_margin", "categorical_hinge", "multilabel_margin", "arcface", "cosface", "nt_xent", "supcon",
        "multiple_negatives_ranking", "ge2e"}) {
    Case c = of_classes(*find(loss), 1);
    c.reduction = Reduction::none;
    EXPECT_FALSE(why_invalid(c)) << loss << ": " << *why_invalid(c);
    EXPECT_EQ(regime_of_inputs(c), Regime::degenerate) << loss;
    c = of_classes(*find(loss), loss == std::string("nt_xent") ? 3 : 2);
    c.reduction = Reduction::none;
    EXPECT_EQ(regime_of_inputs(c), Regime::everyday) << loss;
  }
  EXPECT_EQ(certified(question("entropy", {{"p", numbers({1, 1}, {.5})}})), Regime::everyday)
      << "-p log p chooses nothing";
}

// What is known without the numbers is known by the count of candidates: no loss was forgotten.
TEST(Regime, WhereOneOfAnAxisLeavesNothingToChooseTheRecordSaysSo) {
  int found = 0;
  for (const Record& record : catalogue())
    for (const char letter : letters(record)) {
      std::set<double> values;
      Case last;
      std::uint64_t seed = 0;
      for (const double factor : {1., .5, .25, -1., -.5})
        for (const Input& input : record.inputs) {
          CaseBuilder builder(record, Dtype::f64, ++seed, "one");
          for (const char each : letters(record)) builder.extent(each, 3);
          Case c = builder.rows(3).extent(letter, 1).reduce(Reduction::none).fill().wrt({}).question;
          if (!is_continuous(input) || !builder.has(input)) continue;
          for (double& x : c.inputs.at(std::string(input.name)).real) x *= factor;
          if (why_invalid(c)) continue;
          values.insert(reference::certify(c, {.details = false}).value.components.front().rounded);
          last = c;
        }
      if (values.size() != 1) continue;
      ++found;
      EXPECT_TRUE(is_degenerate(last)) << record.name << ": " << letter;
    }
  EXPECT_GE(found, 10);
}

TEST(Regime, ANumberFarFromOneIsExtreme) {
  for (const Dtype dtype : dtypes)
    for (const double sign : {1., -1.}) {
      for (const double x : {0., 0x1p-30, 0x1p20})
        EXPECT_EQ(regime_of_inputs(softplus(sign * x, dtype)), Regime::everyday) << x;
      for (const double x : {next_down(dtype, 0x1p-30), next_up(dtype, 0x1p20), format(dtype).largest(),
                             format(dtype).smallest_subnormal()})
        EXPECT_EQ(regime_of_inputs(softplus(sign * x, dtype)), Regime::extreme) << x;
    }
  EXPECT_EQ(certified(softplus(0x1p-31)), Regime::extreme);
  Case c = softplus(1);
  c.inputs["cotangent"] = numbers({}, {0x1p21});
  EXPECT_EQ(certified(c), Regime::extreme);
  c.inputs["cotangent"] = numbers({}, {0x1p20});
  EXPECT_EQ(certified(c), Regime::everyday);
}

TEST(Regime, AParameterFarFromOneIsExtreme) {
  Case c = question("huber", {{"prediction", numbers({1}, {1})}, {"target", numbers({1}, {2})}});
  EXPECT_EQ(certified(c), Regime::everyday);
  c.parameters["delta"] = 0x1p21;
  EXPECT_EQ(certified(c), Regime::extreme);
  c.parameters["delta"] = 0x1p-30;
  EXPECT_EQ(certified(c), Regime::everyday);
  c.dtype = Dtype::f32;
  c.parameters["delta"] = 0x1p20 + 0x1p-20;
  EXPECT_EQ(certified(c), Regime::everyday) << "in f32 it is 2^20";
  Case poly = question("poly_cross_entropy_with_logits",
                       {{"logits", numbers({1, 2}, {1, 2})}, {"labels", integers({1}, {0})}});
  EXPECT_EQ(certified(poly), Regime::everyday);
  poly.parameters["epsilon"] = std::vector<double>{1, 0x1p-31};
  EXPECT_EQ(certified(poly), Regime::extreme);
  poly.parameters["epsilon"] = std::vector<double>{1, 0};
  EXPECT_EQ(certified(poly), Regime::everyday);
  Case eps = question("poisson_nll", {{"prediction", numbers({1}, {1})}, {"target", numbers({1}, {2})}});
  eps.parameters["eps"] = 0x1p-40;
  EXPECT_EQ(certified(eps), Regime::extreme);
}

TEST(Regime, DegenerateComesBeforeExtreme) {
  EXPECT_EQ(certified(question("log_sum_exp", {{"x", numbers({1, 1}, {0x1p40})}})), Regime::degenerate);
}

TEST(Regime, AFiniteResultThatRoundsToAnInfinityIsExtreme) {
  Component overflow = component(infinity);
  overflow.sensitivity = 1e40;
  EXPECT_EQ(of_values({component(1), overflow}), Regime::extreme);
  overflow.sensitivity = nan;
  EXPECT_EQ(of_values({component(1), overflow}), Regime::everyday) << "the result is infinite itself";
  EXPECT_EQ(
      certified(question("exponential", {{"score", numbers({1}, {100})}, {"target", numbers({1}, {-1})}})),
      Regime::extreme);
  EXPECT_EQ(certified(question("binary_cross_entropy",
                               {{"probability", numbers({1}, {0})}, {"target", numbers({1}, {1})}})),
            Regime::everyday);
}

TEST(Regime, ARowBelowTheLeastNormalNumberIsExtreme) {
  for (const Dtype dtype : dtypes) {
    const double least = format(dtype).smallest_normal(), below = next_down(dtype, least);
    EXPECT_EQ(of_values({component(1), component(least)}, dtype), Regime::everyday);
    EXPECT_EQ(of_values({component(1), component(below)}, dtype), Regime::extreme);
    EXPECT_EQ(of_values({component(1), component(-below)}, dtype), Regime::extreme);
    EXPECT_EQ(of_row({component(1), component(below)}, dtype), Regime::everyday) << "beside a larger one";
    EXPECT_EQ(of_row({component(below), component(0)}, dtype), Regime::extreme);
  }
}

TEST(Regime, TheExactResultIsBelowTheLeastNormalNumberNotTheRoundedOne) {
  EXPECT_EQ(of_values({component(0x1p-126, 0, -.25)}), Regime::extreme);
  EXPECT_EQ(of_values({component(-0x1p-126, 0, .25)}), Regime::extreme);
  EXPECT_EQ(of_values({component(0x1p-126, 0, .25)}), Regime::everyday);
  EXPECT_EQ(of_values({component(0x1.fffffcp-127, 0, .5)}), Regime::extreme);
}

TEST(Regime, ZeroIsInNoTail) {
  EXPECT_EQ(of_values({component(0, 1)}), Regime::everyday);
  EXPECT_EQ(of_values({component(-0.0, 1)}), Regime::everyday);
  EXPECT_EQ(of_values({with_digits(0, 1, "0")}), Regime::everyday);
  EXPECT_EQ(of_values({with_digits(0, 1, "1e-400")}), Regime::extreme) << "what rounds to it is not 0";
  EXPECT_EQ(of_values({component(0, 1, 1e-300)}), Regime::extreme);
}

TEST(Regime, ARowBelowTheUnitOfItsScaleIsInTheTail) {
  for (const auto& [dtype, u] : {std::pair(Dtype::f32, 0x1p-24), std::pair(Dtype::f64, 0x1p-53)}) {
    EXPECT_EQ(of_values({component(1, 1), component(u, 1)}, dtype), Regime::everyday);
    EXPECT_EQ(of_values({component(1, 1), component(next_down(dtype, u), 1)}, dtype), Regime::tail);
    EXPECT_EQ(of_values({component(-next_down(dtype, u), 1)}, dtype), Regime::tail);
    EXPECT_EQ(of_values({component(u, 1.5)}, dtype), Regime::tail);
    EXPECT_EQ(of_values({component(u, .5)}, dtype), Regime::everyday);
    EXPECT_EQ(of_values({component(u, 1, -.25)}, dtype), Regime::tail) << "the exact one decides";
    EXPECT_EQ(of_values({component(-u, 1, .25)}, dtype), Regime::tail);
    EXPECT_EQ(of_values({component(u, 1, .25)}, dtype), Regime::everyday);
    EXPECT_EQ(of_values({component(0x1p-100, 0)}, dtype), Regime::everyday) << "never where S is 0";
    EXPECT_EQ(of_values({component(0x1p-100, infinity)}, dtype), Regime::everyday);
    EXPECT_EQ(of_row({component(u / 2, 1), component(u / 4, 1)}, dtype), Regime::tail);
    EXPECT_EQ(of_row({component(u / 2, 1), component(u, 1)}, dtype), Regime::everyday);
    EXPECT_EQ(of_row({component(u / 2, 1), component(nan, 1)}, dtype), Regime::tail) << "NaN is no size";
  }
}

TEST(Regime, AScaleBetweenTwoNumbersOfTheDtypeIsComparedExactly) {
  // u S lies .3 of a unit above 2^-24, in a dtype that has nothing between.
  const double scale = 1 + .3 * 0x1p-23;
  EXPECT_EQ(of_values({component(0x1p-24, scale, .2)}), Regime::tail);
  EXPECT_EQ(of_values({component(0x1p-24, scale, .4)}), Regime::everyday);
  // ... or .3 of a unit below it, which counts in halves of the unit above.
  const double under = 1 - .3 * 0x1p-24;
  EXPECT_EQ(of_values({component(0x1p-24, under, -.2)}), Regime::everyday);
  EXPECT_EQ(of_values({component(0x1p-24, under, -.4)}), Regime::tail);
}

TEST(Regime, WhatEqualsARoundedScaleIsNotBelowIt) {
  // 1/3 as S, rounded upwards, and u/3, which lies a sixth of a unit above its own number.
  const double third = 0x1.5555555555556p-2;
  EXPECT_EQ(of_values({component(0x1.555554p-26, third, 2. / 3)}), Regime::everyday);
  EXPECT_EQ(of_values({component(0x1.555554p-26, third, .6)}), Regime::tail);
  EXPECT_EQ(of_values({component(0x1.5555555555555p-55, third, 1. / 3)}, Dtype::f64), Regime::everyday);
  EXPECT_EQ(of_values({component(0x1.5555555555545p-55, third)}, Dtype::f64), Regime::tail);
}

TEST(Regime, ASubnormalTailIsExtreme) { EXPECT_EQ(of_values({component(0x1p-140, 1)}), Regime::extreme); }

TEST(Regime, ValuesOfRowsAreRowsByThemselvesAndGradientsRowsOfTheirInput) {
  Case c = question("log_sum_exp", {{"x", numbers({2, 2}, {1, 2, 3, 4})}});
  c.reduction = Reduction::none;
  c.wrt = {"x"};
  Truth truth;
  truth.value = {{2}, {component(1, 1), component(0x1p-30, 1)}};
  truth.gradient["x"] = {{2, 2}, {component(1, 1), component(0x1p-30, 1), component(1, 1), component(1, 1)}};
  EXPECT_EQ(regime_of(c, truth), Regime::tail) << "of the second value";
  truth.value.components[1].rounded = 1;
  EXPECT_EQ(regime_of(c, truth), Regime::everyday) << "beside a larger one of its row";
  truth.gradient["x"].components[0].rounded = 0x1p-30;
  EXPECT_EQ(regime_of(c, truth), Regime::tail);
  truth.gradient["x"].components[2] = component(0x1p-140, 1);
  EXPECT_EQ(regime_of(c, truth), Regime::tail);
  truth.gradient["x"].components[3] = component(0, 1);
  EXPECT_EQ(regime_of(c, truth), Regime::extreme);
}

TEST(Regime, OfAnElementWiseGradientSomeElementIsEnough) {
  Case c = question("softplus", {{"x", numbers({1, 2}, {1, 2})}});
  c.wrt = {"x"};
  Truth truth;
  truth.value = {{}, {component(1, 1)}};
  truth.gradient["x"] = {{1, 2}, {component(1, 1), component(0x1p-30, 1)}};
  EXPECT_EQ(regime_of(c, truth), Regime::tail);
}

TEST(Regime, NoElementOfAnOptionalInputIsBesideAnother) {
  Case c = question("binary_cross_entropy_with_logits", {{"logits", numbers({1, 2}, {1, 2})},
                                                         {"target", numbers({1, 2}, {1, 1})},
                                                         {"pos_weight", numbers({2}, {1, 2})}});
  c.wrt = {"pos_weight"};
  Truth truth;
  truth.value = {{}, {component(1, 1)}};
  truth.gradient["pos_weight"] = {{2}, {component(1, 1), component(0x1p-30, 1)}};
  EXPECT_EQ(regime_of(c, truth), Regime::tail);
}

TEST(Regime, TheReductionIsOneRow) {
  EXPECT_EQ(certified(softplus(-40)), Regime::everyday) << "the mean with 1";
  Case c = softplus(-40);
  c.reduction = Reduction::none;
  EXPECT_EQ(certified(c), Regime::tail);
  c.inputs["x"].real = {1, -100};
  EXPECT_EQ(certified(c), Regime::extreme);
  c.inputs["x"].real = {1, -15};
  EXPECT_EQ(certified(c), Regime::everyday) << "3e-7 is 5 units of S";
  c.dtype = Dtype::f64;
  c.inputs["x"].real = {1, -36};
  EXPECT_EQ(certified(c), Regime::everyday);
  c.inputs["x"].real = {1, -37};
  EXPECT_EQ(certified(c), Regime::tail);
}

TEST(Regime, OfItsInputsAloneATailIsEveryday) {
  Case c = softplus(-100);
  c.reduction = Reduction::none;
  EXPECT_EQ(regime_of_inputs(c), Regime::everyday);
}

}  // namespace
}  // namespace assay
