// Blocks against balls of 600 bits, node by node: every operation, its derivative, and what leaves binary64's
// range on the way.
#include "reference/engines/block_engine.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <ostream>
#include <string>
#include <vector>

#include "reference/engines/ball_engine.hpp"
#include "reference/graph/derivative.hpp"
#include "tools/cases/random.hpp"

namespace assay::tests {
namespace {

using reference::Ball;
using reference::BallEngine;
using reference::BlockEngine;
using reference::BlockNumbers;
using reference::Op;
using reference::Real;
using reference::Recording;
using reference::Special;

constexpr std::size_t most = reference::block_size;

struct Formula {
  const char* name;
  Real (*of)(Real x);
  double low, high;  ///< between these, at the least, a block knows it
};
void PrintTo(const Formula& f, std::ostream* out) { *out << f.name; }

Real third(Real x) { return x / 3; }
Real raw(Op op, Real a, Real b = Real::at(-1)) {
  return reference::Graph::current().add(op, a.index(), b.index());
}

const Formula formulas[] = {
    {"sum", [](Real x) { return x + third(x) + (x - 7) - third(1 - x); }, -1e30, 1e30},
    {"product", [](Real x) { return x * (x + 1) * third(x) * -x; }, -1e30, 1e30},
    {"quotient", [](Real x) { return 1 / (x + 3) + x / 8 + x / (2 + x * x); }, -2.9, 1e30},
    {"exp", [](Real x) { return exp(third(x)) + exp(-x); }, -500, 500},
    {"sigmoid", [](Real x) { return 1 / (1 + exp(-x)); }, -1e38, 1e38},
    {"log_of_large", [](Real x) { return log(1 + exp(x)) - log(2 + exp(2 * x)); }, -1e38, 1e38},
    {"large_of_both_signs", [](Real x) { return log(3 + exp(x)) + (exp(x) - exp(2 * x)) / exp(3 * x); }, -80,
     80},
    {"sum_of_large", [](Real x) { return log(exp(x) + exp(x + 1)) + log(4 * cosh(x)); }, -99, 1e15},
    {"large_less_large", [](Real x) { return log(exp(2 * x) - exp(x)) + log(exp(x + 1) - exp(x)); }, 1, 140},
    {"root_of_large", [](Real x) { return log(sqrt(exp(x))) + sqrt(x); }, 1, 1e30},
    {"power_of_large", [](Real x) { return log(power(exp(x), third(Real(1)))) + power(x, third(Real(1))); },
     1, 1e30},
    {"log", [](Real x) { return log(x) * log(third(x)) + log(1 + x) + log(1 - 1 / (2 + x)); }, 1e-30, 1e30},
    {"log_beside_one", [](Real x) { return log(1 - exp(-x)) + log(1 + x * x); }, 1e-3, 1e3},
    {"cosh", [](Real x) { return log(cosh(x)) + 1 / cosh(third(x)); }, -1e15, 1e15},
    {"tanh", [](Real x) { return raw(Op::sinh, x) / cosh(x); }, -1e38, 1e38},
    {"circle", [](Real x) { return cos(x) * sin(third(x)); }, -100, 100},
    {"abs", [](Real x) { return abs(x) + abs(third(x) - 1) + abs(-exp(x)); }, -1e30, 700},
    {"positive",
     [](Real x) { return positive_part(third(x) - 2) + positive_part(-x) + positive_part(-exp(x)); }, -1e30,
     1e30},
    {"maximum",
     [](Real x) {
       return reference::maximum({x, third(x), 1 - x}) * reference::minimum({x, Real(5)});
     },
     -1e30, 1e30},
    {"where",
     [](Real x) { return where(third(x) <= 1, exp(x), x * exp(Real(3))) + where(x * x <= 2, x, -x); }, -1e30,
     1e30},
    {"kinks_at_three",
     [](Real x) {
       return positive_part(third(x) - 1) + abs(1 - third(x)) + reference::maximum({x, 6 - x});
     },
     -1e30, 1e30},
    {"where_of_large", [](Real x) { return log(where(x <= 1, Real(3), exp(x))); }, -1e30, 1e30},
    {"norm",
     [](Real x) {
       return reference::norm({x, third(x), Real(1)});
     },
     -1e30, 1e30},
    {"normalized",
     [](Real x) {
       return reference::normalized({x, Real(2)})[0];
     },
     -1e30, 1e30},
    {"overlap", [](Real x) { return reference::overlap(abs(x), 1 + abs(x)); }, -1e30, 1e30},
    {"mean", [](Real x) { return reference::mean_of(x, 3 + x * x); }, -1e30, 1e30},
    {"xlogy", [](Real x) { return reference::xlogy(x, x) + reference::xlogy(Real(0), x); }, 1e-30, 1e30},
    {"divergence",
     [](Real x) {
       return reference::divergence_term(x, third(x) + 1) + reference::divergence_term(Real(2), x);
     },
     1e-30, 1e30},
    {"weigh", [](Real x) { return weigh(positive_part(x), log(x)) + weigh(third(x), exp(x)); }, 1e-3, 700},
    {"stopped", [](Real x) { return reference::stop_gradient(exp(x)) * x; }, -600, 600},
    {"pi", [](Real x) { return x * reference::pi() + log(2 * reference::pi()); }, -1e30, 1e30},
};

class Blocks : public testing::TestWithParam<Formula> {};
INSTANTIATE_TEST_SUITE_P(Of, Blocks, testing::ValuesIn(formulas),
                         [](const auto& each) { return each.param.name; });

/// Whether a number lies in the ball, as far as its own 600 bits tell.
bool holds(double middle, double radius, arb_srcptr number) {
  Ball difference, within;
  arb_set_d(difference, middle);
  arb_sub(difference, number, difference, 700);
  arb_set_d(within, 0);
  mag_set_d(arb_radref(static_cast<arb_ptr>(within)), radius);
  return arb_overlaps(difference, within) != 0;
}

bool encloses(const BlockNumbers& n, std::size_t i, arb_srcptr number) {
  if (!n.powers) return holds(n.middle[i], n.radius[i], number);
  Ball factor, exponent;
  arb_set_d(factor, n.factor);
  arb_div(exponent, number, factor, 700);
  arb_log(exponent, exponent, 700);
  return holds(n.middle[i], n.radius[i], exponent);
}

TEST_P(Blocks, EncloseWhatBallsSay) {
  reference::Graph graph;
  std::vector<std::int32_t> roots;
  std::int32_t leaf = -1;
  {
    const Recording recording(graph);
    const Real x = graph.add(Op::number);
    leaf = x.index();
    const Real y = GetParam().of(x);
    const std::pair<Real, Real> seeded[] = {{y, 1}};
    const Real slope = reference::differentiate(graph, seeded)[static_cast<std::size_t>(leaf)];
    roots = {y.index(), slope.index()};
  }
  BlockEngine blocks(graph, leaf, roots);
  BallEngine balls(graph);
  const std::vector<std::uint8_t> needed = needed_for(graph, roots);
  Random random(1);
  std::size_t known = 0, asked = 0;
  std::vector<std::uint64_t> starts{0x40400000 - most / 2};  // with 3 in the middle, where kinks are
  for (std::uint64_t binade = 0; binade < 512; binade += 3)
    starts.push_back((binade << 23) + random.below((1U << 23) - most));
  for (const std::uint64_t first : starts) {
    std::vector<double> x;
    for (std::uint64_t i = 0; i < most; ++i)
      x.push_back(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(first + i))));
    if (!std::isfinite(x.back())) continue;
    blocks.evaluate(x);
    for (const std::size_t i : {std::size_t{0}, most / 2, most - 1 - random.below(most / 2)}) {
      graph.nodes[static_cast<std::size_t>(leaf)].number = x[i];
      balls.evaluate(600, needed);
      for (std::size_t node = 0; node < needed.size(); ++node) {
        if (!needed[node]) continue;
        const auto at = static_cast<std::int32_t>(node);
        const BlockNumbers& n = blocks.at(at);
        if (!n[i].known()) continue;
        ASSERT_EQ(balls.special(at), Special::none)
            << "node " << node << ", operation " << static_cast<int>(graph.nodes[node].op) << std::hexfloat
            << ", x " << x[i];
        ASSERT_TRUE(encloses(n, i, balls.ball(at)))
            << "node " << node << ", operation " << static_cast<int>(graph.nodes[node].op) << std::hexfloat
            << ", x " << x[i] << ": " << n.middle[i] << " +- " << n.radius[i]
            << (n.powers ? " as a power of e times " : "") << n.factor;
      }
      if (x[i] < GetParam().low || x[i] > GetParam().high) continue;
      ++asked;
      known += blocks.at(roots[0])[i].known() ? 1 : 0;
    }
  }
  EXPECT_GT(asked, 0u);
  EXPECT_GE(known, asked - asked / 20) << "of " << asked;
}

}  // namespace
}  // namespace assay::tests
