// The oracle's own tests: enclosures contain and agree, rounding is total, gradients are derivatives, other
// arithmetic agrees, and what nobody here computed comes back.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <limits>
#include <map>

#include "reference/ball_engine.hpp"
#include "reference/decide.hpp"
#include "reference/derivative.hpp"
#include "reference/opinion.hpp"
#include "reference/outline.hpp"
#include "reference/rounding.hpp"
#include "tests/answers.hpp"
#include "tools/cli/case_source.hpp"

namespace assay::tests {
namespace {

using reference::Ball;
using reference::BallEngine;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// ---- rounding

TEST(Rounding, AgreesWithTheProcessorOnEveryDouble) {
  // Conversion from binary64 to binary32 in hardware is the independent witness.
  EXPECT_TRUE(::rc::check([] {
    const auto pattern = *rc::gen::arbitrary<std::uint64_t>();
    const double x = std::bit_cast<double>(pattern);
    if (!std::isfinite(x)) return;
    arf_t exact;
    arf_init(exact);
    arf_set_d(exact, x);
    RC_ASSERT(reference::round_once(exact, Dtype::f64) == x);
    RC_ASSERT(reference::round_once(exact, Dtype::f32) == static_cast<double>(static_cast<float>(x)));
    arf_clear(exact);
  }));
}

TEST(Rounding, TiesGoToEvenAndOverflowBeginsHalfAnUlpPastTheLargest) {
  const struct {
    double mantissa;
    long exponent;
    Dtype dtype;
    double expected;
  } cases[] = {{0x1p-150, 0, Dtype::f32, 0},  // half the least subnormal: to even, 0
               {0x1.8p-150, 0, Dtype::f32, 0x1p-149},
               {0x1.000001p0, 0, Dtype::f32, 1},             // a tie
               {0x1.000003p0, 0, Dtype::f32, 0x1.000004p0},  // the next tie
               {0x1.fffffep127, 0, Dtype::f32, 0x1.fffffep127},
               {0x1.fffffefffffffp127, 0, Dtype::f32, 0x1.fffffep127},
               {0x1.ffffffp127, 0, Dtype::f32, infinity},  // the tie with 2^128: to even
               {1, 1024, Dtype::f64, infinity},
               {1, -1075, Dtype::f64, 0},
               {3, -1076, Dtype::f64, 0x1p-1074},
               {-1, 5000, Dtype::f64, -infinity},
               {-1, -5000, Dtype::f64, 0}};
  for (const auto& c : cases) {
    arf_t exact;
    arf_init(exact);
    arf_set_d(exact, c.mantissa);
    arf_mul_2exp_si(exact, exact, c.exponent);
    EXPECT_EQ(reference::round_once(exact, c.dtype), c.expected) << c.mantissa << " 2^" << c.exponent;
    arf_clear(exact);
  }
}

TEST(Rounding, ABallThatHoldsAMidpointIsRefused) {
  Ball ball;
  arb_set_d(ball, 0x1.000001p0);
  EXPECT_EQ(reference::round_ball(ball, Dtype::f32), 1);  // exact: the tie decides
  mag_set_d(arb_radref(static_cast<arb_ptr>(ball)), 1e-30);
  EXPECT_FALSE(reference::round_ball(ball, Dtype::f32));
  arb_zero(ball);
  mag_set_d(arb_radref(static_cast<arb_ptr>(ball)), 1e-46);
  EXPECT_EQ(reference::round_ball(ball, Dtype::f32), 0);
  EXPECT_FALSE(reference::round_ball(ball, Dtype::f64));
}

TEST(Rounding, DecimalsAreCorrectlyRoundedTo40Digits) {
  Ball ball;
  const auto digits = [&](auto fill) {
    fill();
    return reference::decimal(ball).value_or("undecided");
  };
  EXPECT_EQ(digits([&] { arb_set_d(ball, .125); }), "0.125");
  EXPECT_EQ(digits([&] { arb_set_d(ball, 1e22); }), "10000000000000000000000");
  // pi to 40 digits, and a ball too wide for them.
  EXPECT_EQ(digits([&] { arb_const_pi(ball, 400); }), "3.141592653589793238462643383279502884197");
  EXPECT_EQ(digits([&] { arb_const_pi(ball, 80); }), "undecided");
  // The least subnormal of binary64 has 751 digits; IEEE's own tables give these.
  EXPECT_EQ(digits([&] { arb_set_d(ball, 0x1p-1074); }), "4.940656458412465441765687928682213723651e-324");
}

// ---- enclosures

TEST(Enclosures, ShrinkAndStayInsideEachOther) {
  for (const Record& record : catalogue())
    for (std::int64_t i = 0; i < 12; ++i) {
      const Case c = random_case(record, Dtype::f64, 5, i).question;
      const reference::Outline outline(c);
      const auto& graph = outline.recorded->sheet.graph;
      const auto needed = reference::below(graph, outline.roots.nodes);
      BallEngine wide(graph), narrow(graph);
      wide.evaluate(100, needed);
      narrow.evaluate(900, needed);
      for (std::size_t k = 0; k < outline.roots.nodes.size(); ++k) {
        const std::int32_t node = outline.roots.nodes[k];
        if (node < 0 || narrow.special(node) != reference::Special::none) continue;
        if (wide.special(node) != reference::Special::none) continue;
        EXPECT_TRUE(arb_overlaps(wide.ball(node), narrow.ball(node)))
            << outline.roots.names[k] << " of " << witness(c);
      }
    }
}

TEST(Enclosures, TwoOtherLibrariesAgree) {
  std::int64_t confirmed = 0, fractions = 0;
  for (const Record& record : catalogue())
    for (std::int64_t i = 0; i < 6; ++i) {
      const Case c = random_case(record, i % 2 ? Dtype::f64 : Dtype::f32, 6, i).question;
      for (auto backend : {reference::Backend::mpfr_float, reference::Backend::cpp_bin_float,
                           reference::Backend::rational}) {
        if (backend == reference::Backend::cpp_bin_float && i > 1) continue;  // a hundred times slower
        const reference::SecondOpinion opinion = reference::second_opinion(c, backend);
        EXPECT_EQ(opinion.disagreement, "") << witness(c);
        (backend == reference::Backend::rational ? fractions : confirmed) += opinion.confirmed;
      }
    }
  EXPECT_GT(confirmed, 500);
  EXPECT_GT(fractions, 50);
}

// ---- gradients

// The slope of the value between x-h and x+h against the certified gradient in the middle. Moderate numbers
// away from kinks: the truncation error is h^2/6 times a third derivative, the rounding error 2^-53/h.
TEST(Gradients, AreTheDerivativesOfTheValues) {
  std::int64_t compared = 0;
  for (const Record& record : catalogue())
    for (std::int64_t i = 0; i < 4 && record.name != "circle";
         ++i) {  // whose weights the gradient takes for constants
      Draft draft(record, Dtype::f64, static_cast<std::uint64_t>(i), "slope");
      Case c = draft.rows(2).reduce(i % 2 ? Reduction::mean : Reduction::sum).fill().plan({}, "").question;
      const reference::Truth truth = reference::certify(c);
      ASSERT_EQ(truth.error, "") << witness(c);
      for (const auto& [input, gradient] : truth.gradient)
        for (std::size_t k = 0; k < gradient.components.size(); ++k) {
          const reference::Component& g = gradient.components[k];
          if (!g.checked || g.lower != g.upper) continue;
          constexpr double h = 0x1p-17;
          Case up = c, down = c;
          up.wrt.clear();
          down.wrt.clear();
          const double x = c.inputs.at(input).real[k];
          up.inputs[input].real[k] = x + h;
          down.inputs[input].real[k] = x - h;
          if (why_invalid(up) || why_invalid(down)) continue;
          const double a = certified_answer(up).value.real[0], b = certified_answer(down).value.real[0];
          const double difference = (a - b) / (2 * h);
          const double scale = 1 + std::abs(g.rounded) + std::abs(a);
          EXPECT_NEAR(difference, g.rounded, 1e-6 * scale * scale)
              << input << "[" << k << "] of " << witness(c);
          ++compared;
        }
    }
  EXPECT_GT(compared, 300);
}

TEST(Gradients, AreLinearInTheCotangent) {
  for (const Record& record : catalogue()) {
    Draft draft(record, Dtype::f64, 9, "linear");
    Case c = draft.rows(3).reduce(Reduction::sum).fill().plan({}, "").question;
    Case doubled = c;
    doubled.inputs["cotangent"] = reals({}, {2});
    const auto once = certified_answer(c).gradient, twice = certified_answer(doubled).gradient;
    for (const auto& [input, g] : once)
      for (std::size_t k = 0; k < g.real.size(); ++k) {
        if (std::isnan(g.real[k])) continue;  // not checked: a sample that has no alignment
        EXPECT_EQ(2 * g.real[k], twice.at(input).real[k]) << input << " of " << witness(c);
      }
  }
}

// ---- powers

struct Powered {
  double base, exponent, value, slope;  ///< of base ^ exponent, by the base
};

TEST(Powers, AndTheirOneSidedSlopesAtZero) {
  const Powered known[] = {{0, 0, 1, 0},
                           {0, .5, 0, infinity},
                           {0, 1, 0, 1},
                           {0, 1.5, 0, 0},
                           {0, 2, 0, 0},
                           {0, -.5, infinity, -infinity},
                           {2.5, 0, 1, 0},
                           {2.5, 1, 2.5, 1},
                           {.75, 3, .421875, 1.6875},
                           {4, -2, .0625, -.03125},
                           {2.25, 1.5, 3.375, 2.25},
                           {2, .5, 0x1.6a09e667f3bcdp0, 0x1.6a09e667f3bcdp-2},  // sqrt(2), sqrt(2)/4
                           {0x1p-1000, .5, 0x1p-500, 0x1p499}};
  for (const Powered& k : known) {
    reference::Graph graph;
    const reference::Recording recording(graph);
    const reference::Real base = graph.add(reference::Op::number, -1, -1, 0, k.base),
                          exponent = graph.add(reference::Op::number, -1, -1, 1, k.exponent);
    const reference::Real value = power(base, exponent);
    const std::pair<reference::Real, reference::Real> seed{value, 1};
    const std::int32_t slope =
        reference::differentiate(graph, {&seed, 1})[static_cast<std::size_t>(base.index())].index();
    const std::int32_t roots[] = {value.index(), slope};
    BallEngine engine(graph);
    std::vector<reference::Decision> decided = decide(engine, roots, Dtype::f64, {});
    decide_exactly(graph, roots, decided, Dtype::f64);
    ASSERT_TRUE(decided[0].decided && decided[1].decided) << k.base << " ^ " << k.exponent;
    EXPECT_EQ(decided[0].rounded, k.value) << k.base << " ^ " << k.exponent;
    EXPECT_EQ(decided[1].rounded, k.slope) << k.base << " ^ " << k.exponent;
    // Another library says the same.
    const std::vector<reference::Point> points = reference::mpfr_points(graph, roots);
    if (points[0].state == reference::Point::State::number)
      EXPECT_NEAR(std::stod(points[0].text), k.value, 1e-15 * k.value);
    else
      EXPECT_TRUE(points[0].state == reference::Point::State::plus_infinity && k.value == infinity);
  }
}

TEST(Powers, OfFractionsDecideTies) {
  // A ball that holds 0 never says whether a square less a product is 0; fractions do.
  reference::Graph graph;
  const reference::Recording recording(graph);
  const reference::Real x = graph.add(reference::Op::number, -1, -1, 0, 1 + 0x1p-27),
                        two = graph.add(reference::Op::number, -1, -1, 1, 2);
  const reference::Real rest = power(x, two) - x * x;
  const std::int32_t roots[] = {rest.index()};
  std::vector<reference::Decision> decided(1);
  decide_exactly(graph, roots, decided, Dtype::f64);
  ASSERT_TRUE(decided[0].decided);
  EXPECT_EQ(decided[0].rounded, 0);
}

TEST(Powers, OfABallThatReachesZeroHoldTheirRange) {
  // e^-3000 beside 1 is a ball around 0 at 80 bits; its root lies between 0 and the root of the ball's end.
  reference::Graph graph;
  const reference::Recording recording(graph);
  const reference::Real x = graph.add(reference::Op::number, -1, -1, 0, -3000),
                        half = graph.add(reference::Op::number, -1, -1, 1, .5);
  const reference::Real value = power((1 + exp(x)) - 1, half);
  const std::int32_t roots[] = {value.index()};
  BallEngine wide(graph), narrow(graph);
  wide.evaluate(80, reference::below(graph, roots));
  narrow.evaluate(8000, reference::below(graph, roots));
  EXPECT_TRUE(arb_is_nonnegative(wide.ball(value.index())) || arb_contains_zero(wide.ball(value.index())));
  EXPECT_TRUE(arb_contains(wide.ball(value.index()), narrow.ball(value.index())));
  EXPECT_TRUE(arb_is_positive(narrow.ball(value.index())));
}

TEST(Logarithms, OfOneAndALittleKeepItsDigits) {
  // log(1 + e^-3000) is e^-3000 to 4327 bits: at 80 bits already known to more than 60.
  reference::Graph graph;
  const reference::Recording recording(graph);
  const reference::Real x = graph.add(reference::Op::number, -1, -1, 0, -3000);
  const reference::Real little = exp(x), value = log(1 + little);
  const std::int32_t roots[] = {value.index(), little.index()};
  BallEngine engine(graph);
  engine.evaluate(80, reference::below(graph, roots));
  EXPECT_GT(arb_rel_accuracy_bits(engine.ball(value.index())), 60);
  EXPECT_TRUE(arb_overlaps(engine.ball(value.index()), engine.ball(little.index())));
}

// ---- kinks and special numbers, by hand

Case element(const char* loss, std::vector<double> x, std::vector<double> t,
             const char* first = "prediction") {
  Case c;
  c.loss = loss;
  c.reduction = Reduction::none;
  const auto n = static_cast<std::int64_t>(x.size());
  c.inputs[first] = reals({n}, std::move(x));
  c.inputs["target"] = reals({n}, std::move(t));
  c.wrt = {first};
  return c;
}

TEST(Kinks, HaveTheHullOfTheirSides) {
  const reference::Truth mae = reference::certify(element("mae", {1, 2}, {1, 1}));
  const auto& at = mae.gradient.at("prediction").components;
  EXPECT_EQ(at[0].rounded, 0);
  EXPECT_EQ(at[0].lower, -1);
  EXPECT_EQ(at[0].upper, 1);
  EXPECT_EQ(at[1].lower, 1);
  EXPECT_EQ(at[1].upper, 1);

  const reference::Truth hinge = reference::certify(element("hinge", {1, -1, .5}, {1, -1, 1}, "score"));
  const auto& slope = hinge.gradient.at("score").components;
  EXPECT_EQ(slope[0].rounded, 0);
  EXPECT_EQ(slope[0].lower, -1);
  EXPECT_EQ(slope[0].upper, 0);
  EXPECT_EQ(slope[1].lower, 0);
  EXPECT_EQ(slope[1].upper, 1);
  EXPECT_EQ(slope[2].lower, -1);
  EXPECT_EQ(slope[2].upper, -1);
}

TEST(Kinks, NearerThanRoundingCanTellSpanBothSidesButKeepTheTrueDerivative) {
  const reference::Truth t =
      reference::certify(element("hinge", {1 - 0x1p-53, 1 - 0x1p-30}, {1, 1}, "score"));
  const auto& slope = t.gradient.at("score").components;
  EXPECT_EQ(slope[0].rounded, -1);
  EXPECT_EQ(slope[0].lower, -1);
  EXPECT_EQ(slope[0].upper, 0);
  EXPECT_EQ(slope[1].upper, -1);
}

TEST(Kinks, OfOneArgumentTurnTogether) {
  // a = (0,0), p = (1,0), n = (2,0), margin 1: the hinge is at its kink, and d/da of its argument is -1 + 1 =
  // 0.
  Case c;
  c.loss = "triplet_margin";
  c.inputs["anchor"] = reals({1, 2}, {0, 0});
  c.inputs["positive"] = reals({1, 2}, {1, 0});
  c.inputs["negative"] = reals({1, 2}, {2, 0});
  c.wrt = {"anchor", "positive"};
  const reference::Truth t = reference::certify(c);
  EXPECT_EQ(t.gradient.at("anchor").components[0].lower, 0);
  EXPECT_EQ(t.gradient.at("anchor").components[0].upper, 0);
  EXPECT_EQ(t.gradient.at("positive").components[0].lower, 0);
  EXPECT_EQ(t.gradient.at("positive").components[0].upper, 1);
}

struct Limit {
  const char* loss;
  const char* input;
  double x, target;
  double value, slope;
};

TEST(Infinities, GiveLimitsForValueAndGradient) {
  const Limit limits[] = {{"mse", "prediction", infinity, 3, infinity, infinity},
                          {"mse", "prediction", -infinity, 3, infinity, -infinity},
                          {"mae", "prediction", -infinity, 3, infinity, -1},
                          {"huber", "prediction", infinity, 3, infinity, 1},
                          {"smooth_l1", "prediction", -infinity, 3, infinity, -1},
                          {"log_cosh", "prediction", infinity, 3, infinity, 1},
                          {"hinge", "score", infinity, 1, 0, 0},
                          {"hinge", "score", infinity, -1, infinity, 1},
                          {"exponential", "score", infinity, 1, 0, 0},
                          {"exponential", "score", -infinity, 1, infinity, -infinity},
                          {"soft_margin", "score", -infinity, 1, infinity, -1},
                          {"squared_hinge", "score", infinity, -1, infinity, infinity},
                          {"msle", "prediction", infinity, 3, infinity, 0},
                          {"mape", "prediction", -infinity, -4, infinity, -25},
                          {"quantile", "prediction", infinity, 3, infinity, .5},
                          {"poisson_nll", "prediction", infinity, 3, infinity, infinity},
                          {"poisson_nll", "prediction", -infinity, 3, infinity, -3},
                          {"tweedie_deviance", "prediction", infinity, 3, infinity, 0},
                          {"binary_focal_with_logits", "logits", infinity, 1, 0, 0},
                          {"binary_focal_with_logits", "logits", infinity, 0, infinity, .75},
                          {"binary_cross_entropy_with_logits", "logits", infinity, 1, 0, 0},
                          {"binary_cross_entropy_with_logits", "logits", infinity, 0, infinity, 1},
                          {"binary_cross_entropy_with_logits", "logits", -infinity, 0, 0, 0},
                          {"binary_cross_entropy_with_logits", "logits", infinity, .5, infinity, .5}};
  for (const Limit& l : limits)
    for (Dtype dtype : both_dtypes) {
      Case c = element(l.loss, {l.x}, {l.target}, l.input);
      c.dtype = dtype;
      const Answer a = certified_answer(c);
      EXPECT_EQ(a.value.real[0], l.value) << witness(c);
      EXPECT_EQ(a.gradient.at(l.input).real[0], l.slope) << witness(c);
    }
}

TEST(Infinities, WithoutALimitAreNaN) {
  Case c;
  c.loss = "softmax";
  c.reduction = Reduction::none;
  c.inputs["x"] = reals({3, 3}, {infinity, infinity, 0, infinity, 1, -infinity, 1, 2, -infinity});
  const std::vector<double> p = certified_answer(c).value.real;
  EXPECT_TRUE(std::isnan(p[0]) && std::isnan(p[1]));
  EXPECT_EQ(p[2], 0);
  EXPECT_EQ(p[3], 1);
  EXPECT_EQ(p[4], 0);
  EXPECT_EQ(p[5], 0);
  EXPECT_EQ(p[8], 0);
  EXPECT_EQ(p[7], 0x1.764d4f5d5a2bdp-1) << "1/(1+e^-1)";
}

TEST(ZeroCoefficients, DropWhatTheyWeigh) {
  Case c = element("binary_cross_entropy", {0, 0, 1, nan}, {0, 1, 1, .5}, "probability");
  c.wrt = {"probability"};
  const Answer a = certified_answer(c);
  EXPECT_EQ(a.value.real[0], 0);
  EXPECT_EQ(a.value.real[1], infinity);
  EXPECT_EQ(a.value.real[2], 0);
  EXPECT_TRUE(std::isnan(a.value.real[3]));
  EXPECT_EQ(a.gradient.at("probability").real[0], 1);  // one-sided
  EXPECT_EQ(a.gradient.at("probability").real[1], -infinity);
  EXPECT_EQ(a.gradient.at("probability").real[2], -1);

  Case kl;
  kl.loss = "kl_divergence";
  kl.reduction = Reduction::sum;
  kl.inputs["target"] = reals({1, 3}, {0, 0, 1});
  kl.inputs["probability"] = reals({1, 3}, {nan, 0, .5});
  kl.wrt = {"probability"};
  const Answer divergence = certified_answer(kl);
  EXPECT_EQ(divergence.value.real[0], 0x1.62e42fefa39efp-1) << "log 2";
  EXPECT_EQ(divergence.gradient.at("probability").real, (std::vector<double>{0, 0, -2}));
}

TEST(Divisors, OfZeroGiveNaNAndAnUncheckedGradient) {
  Case c;
  c.loss = "sparse_categorical_cross_entropy_with_logits";
  c.inputs["logits"] = reals({2, 2}, {nan, 2, 3, infinity});
  c.inputs["labels"] = labels({2}, {-100, -100});
  c.wrt = {"logits"};
  const reference::Truth t = reference::certify(c);
  EXPECT_TRUE(std::isnan(t.value.components[0].rounded));
  for (const auto& g : t.gradient.at("logits").components) EXPECT_FALSE(g.checked);
  c.reduction = Reduction::sum;
  const Answer sum = certified_answer(c);
  EXPECT_EQ(sum.value.real[0], 0);
  EXPECT_EQ(sum.gradient.at("logits").real, (std::vector<double>{0, 0, 0, 0}));
}

TEST(Sensitivity, CountsDifferencesInPlaceOfTheirInputs) {
  Case c;
  c.loss = "multi_margin";
  c.reduction = Reduction::none;
  c.parameters["p"] = std::int64_t{2};
  c.inputs["score"] = reals({1, 3}, {1e8, 1e8 - .5, 1e8 + 2});
  c.inputs["labels"] = labels({1}, {0});
  c.inputs["weight"] = reals({3}, {6, 1, 1});
  c.wrt = {"score"};
  const reference::Truth t = reference::certify(c);
  // v = 2 (h_1^2 + h_2^2), h = (.5, 3), d = (.5, -2): 2 (2 h |d|) each, and the weight's own v.
  EXPECT_NEAR(t.value.components[0].sensitivity, 1 + 24 + 18.5, 1e-6);
  const auto& g = t.gradient.at("score").components;
  EXPECT_NEAR(g[1].sensitivity, 4 * .5 + 2, 1e-6);  // 4 h_1, by d_1 and by the weight
  EXPECT_NEAR(g[2].sensitivity, 4 * 2 + 12, 1e-6);
}

TEST(Sensitivity, IsMeasuredFromTheCataloguesOrigins) {
  // The contract's own example: huber, delta 0.5, in f32.
  Case c = element("huber", {.5, -1, 0x1.16c2p-133}, {0, 0, 0});
  c.dtype = Dtype::f32;
  c.reduction = Reduction::mean;
  c.parameters["delta"] = .5;
  const reference::Truth t = reference::certify(c);
  EXPECT_NEAR(t.value.components[0].sensitivity, .25, 1e-9);
  const auto& g = t.gradient.at("prediction").components;
  EXPECT_NEAR(g[0].sensitivity, 1. / 6, 1e-9);
  EXPECT_EQ(g[1].sensitivity, 0);
  EXPECT_NEAR(g[2].sensitivity / std::stod(g[2].digits), 1, 1e-6);
  EXPECT_EQ(t.value.components[0].reach, 6);
}

TEST(Undecided, IsSaidAndNotGuessed) {
  // sqrt(2)+... cannot be told from its own rounding boundary with four bits of precision to spare.
  Case c = element("log_cosh", {.5}, {0});
  const reference::Truth t = reference::certify(c, {.details = false, .max_bits = 80});
  EXPECT_EQ(t.undecided, "");
  Case far = element("log_cosh", {1e300}, {0});
  EXPECT_EQ(reference::certify(far, {.details = false, .max_bits = 160}).undecided, "value[0]");
}

// ---- angles

Case one_angle(std::vector<double> embedding, std::vector<double> weights, double scale) {
  const auto width = static_cast<std::int64_t>(embedding.size());
  Case c;
  c.loss = "arcface";
  c.reduction = Reduction::sum;
  c.parameters["scale"] = scale;
  c.inputs = {{"embedding", reals({1, width}, std::move(embedding))},
              {"weight", reals({2, width}, std::move(weights))},
              {"labels", labels({1}, {0})}};
  c.wrt = {"embedding", "weight"};
  return c;
}

// At angle 0 the sine is the length of what stands across, over that of the row: its slopes by x are a disc
// of radius 1/|x| across x, whose shadow on axis i is sqrt(1 - (x_i/|x|)^2)/|x|.
TEST(Kinks, OfTheSineAreADiscAcrossTheRow) {
  const Case c = one_angle({1, 2, -2}, {2, 4, -4, 0, 1, 1}, 3);
  const reference::Truth truth = reference::certify(c);
  const double share = 1 / (1 + std::exp(3 * std::cos(.5)));
  const double x[] = {1, 2, -2};
  for (std::size_t i = 0; i < 3; ++i) {
    const double radius = 3 * share * std::sin(.5) * std::sqrt(1 - x[i] * x[i] / 9);
    const reference::Component &by_x = truth.gradient.at("embedding").components[i],
                               &by_w = truth.gradient.at("weight").components[i],
                               &by_rival = truth.gradient.at("weight").components[3 + i];
    EXPECT_NEAR(by_x.upper - by_x.rounded, radius / 3, 1e-15);
    EXPECT_NEAR(by_x.rounded - by_x.lower, radius / 3, 1e-15);
    EXPECT_NEAR(by_w.upper, radius / 6, 1e-15);
    EXPECT_NEAR(by_w.lower, -radius / 6, 1e-15);
    EXPECT_EQ(by_w.rounded, 0);
    EXPECT_EQ(by_rival.lower, by_rival.upper);
  }
}

TEST(Conventions, OfAngularMarginsPartAtAnAngleOfPi) {
  const Case c = one_angle({2, 0}, {-3, 0, 0, 1}, 1);
  std::map<std::string, double> got;
  for (const auto& [name, truth] : reference::conventions(c, reference::certify(c)))
    got[name] = truth.value.components[0].rounded;
  // log(1 + e^-phi): phi = -1 - m sin m; cos(pi + m pi/180); -1, for m = 1/2.
  ASSERT_EQ(got.size(), 3u);
  EXPECT_NEAR(got["linear-beyond-pi-minus-margin"], 1.4939419953583308, 3e-16);
  EXPECT_NEAR(got["margin-in-degrees"], 1.3132338511901674, 3e-16);
  EXPECT_NEAR(got["easy-margin"], 1.3132616875182228, 3e-16);
}

TEST(Conventions, OfSupConCountRowsThatAreAlone) {
  Case c;
  c.loss = "supcon";
  c.inputs = {{"z", reals({4, 2}, {3, 4, 4, 3, 0, 1, 1, 0})}, {"labels", labels({4}, {0, 1, 1, 3})}};
  c.parameters["temperature"] = 1.;
  const reference::Truth truth = reference::certify(c);
  const auto got = reference::conventions(c, truth);
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].name, "lone-rows-counted");
  EXPECT_EQ(got[0].truth.value.components[0].rounded, truth.value.components[0].rounded / 2);
  c.reduction = Reduction::none;
  EXPECT_TRUE(reference::conventions(c, reference::certify(c)).empty());
}

}  // namespace
}  // namespace assay::tests
