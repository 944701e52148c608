// The oracle's own tests: enclosures contain and agree, rounding is total, gradients are derivatives, other
// arithmetic agrees, and what nobody here computed comes back.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "reference/engines/ball_engine.hpp"
#include "reference/engines/point_engines.hpp"
#include "reference/graph/derivative.hpp"
#include "reference/graph/recorded_gradients.hpp"
#include "reference/truth/decide.hpp"
#include "reference/truth/rounding.hpp"
#include "tests/claims/answers.hpp"
#include "tools/cases/case_source.hpp"

namespace assay::tests {
namespace {

using reference::Ball;
using reference::BallEngine;

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
      const reference::RecordedGradients gradients(c);
      const auto& graph = gradients.recorded->graph;
      const auto needed = reference::needed_for(graph, gradients.roots.nodes);
      BallEngine wide(graph), narrow(graph);
      wide.evaluate(100, needed);
      narrow.evaluate(900, needed);
      for (std::size_t k = 0; k < gradients.roots.nodes.size(); ++k) {
        const std::int32_t node = gradients.roots.nodes[k];
        if (node < 0 || narrow.special(node) != reference::Special::none) continue;
        if (wide.special(node) != reference::Special::none) continue;
        EXPECT_TRUE(arb_overlaps(wide.ball(node), narrow.ball(node)))
            << gradients.roots.name(k) << " of " << witness(c);
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
      CaseBuilder builder(record, Dtype::f64, static_cast<std::uint64_t>(i), "slope");
      Case c =
          builder.rows(2).reduce(i % 2 ? Reduction::mean : Reduction::sum).fill().annotated({}, "").question;
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
    CaseBuilder builder(record, Dtype::f64, 9, "linear");
    Case c = builder.rows(3).reduce(Reduction::sum).fill().annotated({}, "").question;
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
    if (points[0].state == reference::PointState::number)
      EXPECT_NEAR(std::stod(points[0].text), k.value, 1e-15 * k.value);
    else
      EXPECT_TRUE(points[0].state == reference::PointState::plus_infinity && k.value == infinity);
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
  wide.evaluate(80, reference::needed_for(graph, roots));
  narrow.evaluate(8000, reference::needed_for(graph, roots));
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
  engine.evaluate(80, reference::needed_for(graph, roots));
  EXPECT_GT(arb_rel_accuracy_bits(engine.ball(value.index())), 60);
  EXPECT_TRUE(arb_overlaps(engine.ball(value.index()), engine.ball(little.index())));
}

}  // namespace
}  // namespace assay::tests
