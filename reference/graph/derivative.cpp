#include "reference/graph/derivative.hpp"

namespace assay::reference {

// The chain rule multiplies by weigh: a derivative that is exactly 0,
// because a cotangent, a target or a weight is, drops what lies behind it,
// infinities and NaN included (contract, section 1, special numbers, 3).
std::vector<Real> differentiate(Graph& graph, std::span<const std::pair<Real, Real>> outputs_and_seeds) {
  const std::size_t size = graph.nodes.size();
  std::vector<Real> slope(size);
  auto give = [&](std::int32_t node, Real more) {
    Real& s = slope[static_cast<std::size_t>(node)];
    s = s.index() < 0 ? more : s + more;
  };
  for (const auto& [output, seed] : outputs_and_seeds) give(output.index(), seed);

  for (std::size_t i = size; i-- > 0;) {
    const Real s = slope[i];
    if (s.index() < 0) continue;
    const Node n = graph.nodes[i];
    const Real a = Real::at(n.a), b = Real::at(n.b), self = Real::at(static_cast<std::int32_t>(i));
    auto operand = [&](std::int32_t k) {
      return Real::at(graph.operands[static_cast<std::size_t>(n.a + k)]);
    };
    switch (n.op) {
      case Op::whole:
      case Op::number:
      case Op::stand_in:
      case Op::pi:
        break;
      case Op::add:
        give(n.a, s);
        give(n.b, s);
        break;
      case Op::sub:
        give(n.a, s);
        give(n.b, -s);
        break;
      case Op::mul:
        give(n.a, weigh(s, b));
        give(n.b, weigh(s, a));
        break;
      case Op::div:
        give(n.a, weigh(s, 1 / b));
        give(n.b, weigh(s, -(a / (b * b))));
        break;
      case Op::neg:
        give(n.a, -s);
        break;
      case Op::exp:
        give(n.a, weigh(s, self));
        break;
      case Op::log:
        give(n.a, weigh(s, 1 / a));
        break;
      case Op::sqrt:
        give(n.a, weigh(s, 1 / (2 * self)));
        break;
      case Op::cosh:
        give(n.a, weigh(s, graph.add(Op::sinh, n.a)));
        break;
      case Op::sinh:
        give(n.a, weigh(s, cosh(a)));
        break;
      case Op::cos:
        give(n.a, weigh(s, -sin(a)));
        break;
      case Op::sin:
        give(n.a, weigh(s, cos(a)));
        break;
      case Op::abs:
        give(n.a, weigh(s, graph.add(Op::sign, n.a)));
        break;
      case Op::positive:
        give(n.a, weigh(s, graph.add(Op::step, n.a)));
        break;
      case Op::maximum:
        for (std::int32_t k = 0; k < n.b; ++k)
          give(operand(k).index(), weigh(s, graph.add(Op::share, self.index(), -1, k)));
        break;
      case Op::norm:
        for (std::int32_t k = 0; k < n.b; ++k)
          give(operand(k).index(), weigh(s, graph.add(Op::unit, operand(k).index(), self.index())));
        break;
      case Op::where:
        give(operand(2).index(), weigh(s, where(operand(0) <= operand(1), 1, 0)));
        give(operand(3).index(), weigh(s, where(operand(0) <= operand(1), 0, 1)));
        break;
      case Op::weigh:
      case Op::chain:
        give(n.a, weigh(s, b));
        give(n.b, graph.add(Op::chain, s.index(), n.a));
        break;
      case Op::power:
        // 0^(b-1) gives the one-sided slope at 0: 0, 1 or +inf as b is
        // above, at or below 1; a b of 0 drops it.
        give(n.a, weigh(s, weigh(b, power(a, b - 1))));
        give(n.b, weigh(s, xlogy(self, a)));
        break;
      case Op::xlogy:
        give(n.a, weigh(s, log(b)));
        give(n.b, weigh(weigh(s, a), 1 / b));
        break;
      case Op::divergence:
        give(n.a, weigh(s, graph.add(Op::log_ratio, n.a, n.b) + 1));
        give(n.b, -weigh(weigh(s, a), 1 / b));
        break;
      case Op::log_ratio:
        give(n.a, weigh(s, 1 / a));
        give(n.b, -weigh(s, 1 / b));
        break;
      case Op::mean: {
        const Real per = graph.add(Op::mean_slope, n.b);
        give(n.a, weigh(s, per));
        give(n.b, -weigh(s, a * per * per));
        break;
      }
      case Op::normal:
      case Op::overlap: {
        const Real per = graph.add(Op::normal_slope, n.b);
        give(n.a, weigh(s, per));
        give(n.b, -weigh(s, a * per * per));
        break;
      }
      case Op::mean_slope:
      case Op::normal_slope:
        give(n.a, -weigh(s, self * self));
        break;
      case Op::unit:
        give(n.a, weigh(s, 1 / b));
        give(n.b, -weigh(s, self / b));
        break;
      case Op::sign:
      case Op::step:
      case Op::share:
      case Op::stop_gradient:
        break;
    }
  }
  return slope;
}

}  // namespace assay::reference
