#include "reference/truth/first_look.hpp"

#include <algorithm>
#include <cmath>

#include "reference/truth/kinks.hpp"
#include "reference/truth/origins.hpp"

namespace assay::reference {
namespace {

/// The ends of a ball, moved outwards by more than their own rounding.
double end(const DoubleBall& ball, int side) {
  if (ball.exact()) return ball.mid;
  const double x = ball.mid + side * ball.rad;
  return x + side * (std::abs(x) * 0x1p-52 + double_ball::least);
}

/// Where a bound above is wanted that is near: it, or nothing.
std::optional<double> least_bound(const DoubleBall& size) {
  if (!size.known()) return std::nullopt;
  if (size.exact()) return std::abs(size.mid);
  const double mid = std::abs(size.mid);
  if (!(size.rad <= mid * 0x1p-11)) return std::nullopt;
  return end({mid, size.rad}, 1);
}

}  // namespace

FirstLook::FirstLook(const RecordedCase& recorded, std::span<const std::int32_t> roots)
    : recorded_(recorded),
      graph_(recorded.graph),
      dtype_(recorded.question.dtype),
      engine_(graph_),
      descent_(graph_),
      inner_(graph_),
      evaluated_(graph_.nodes.size(), 0),
      is_input_(graph_.nodes.size(), 0),
      sensitivities_(graph_.nodes.size(), -1),
      seen_(roots.size()) {
  const Case& question = recorded_.question;
  for (const auto& [name, leaves] : recorded_.inputs.leaves) {
    const auto sizes = distances(question, question.record()->input(name), question.inputs.at(name));
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      is_input_[leaves[i].index()] = 1;
      if (sizes[i]) engine_.measure_from(leaves[i].index(), sizes[i]->x, sizes[i]->origin);
    }
  }
  const auto nodes = descent_.towards(roots);
  engine_.evaluate(nodes);
  for (const std::int32_t node : nodes) evaluated_[node] = 1;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    if (roots[i] < 0) {
      seen_[i] = {.decided = true, .measured = true, .most = 0, .smooth = true};
      continue;
    }
    decide(seen_[i], roots[i]);
    examine(seen_[i], roots[i]);
  }
}

const DoubleBall& FirstLook::ball(std::int32_t node) {
  if (!evaluated_[node]) {
    const auto nodes = inner_.towards({&node, 1}, [&](std::int32_t n) { return evaluated_[n] != 0; });
    engine_.evaluate(nodes);
    for (const std::int32_t n : nodes) evaluated_[n] = 1;
  }
  return engine_.ball(node);
}

std::optional<double> FirstLook::magnitude(std::int32_t node) {
  if (node < 0) return 0;
  const DoubleBall& x = ball(node);
  return x.exact() ? std::optional(std::abs(x.mid)) : std::nullopt;
}
std::optional<double> FirstLook::size(std::int32_t node) {
  return node < 0 ? std::optional(0.) : least_bound(ball(node));
}
bool FirstLook::nonzero(std::int32_t node) {
  const DoubleBall& x = ball(node);
  return x.known() && !x.contains_zero();
}

// Every number of the ball rounds to the same, which is the ends' as rounding is monotone. Where that
// overflows, decimals have to say how far: Arb's affair.
void FirstLook::decide(Seen& seen, std::int32_t root) const {
  const DoubleBall& x = engine_.ball(root);
  if (!x.known()) return;
  const double low = round_to(dtype_, end(x, -1)), high = round_to(dtype_, end(x, 1));
  if (low != high || std::isinf(low)) return;
  const double unit = std::ldexp(1, ulp_exponent(dtype_, x.mid));
  if (!(x.rad <= unit * 0x1p-15)) return;
  seen.decided = true;
  seen.rounded = low == 0 ? 0 : low;
  // The two are neighbours on the dtype's grid or nearer: their difference is exact, the division by a power
  // of 2 too, unless it drops below every double.
  seen.offset = (x.mid - low) / unit;
}

void FirstLook::examine(Seen& seen, std::int32_t root) {
  const std::span<const std::int32_t> nodes = descent_.from(root);
  std::int64_t inputs = 0;
  bool kinks = false;
  for (const std::int32_t node : nodes) {
    inputs += is_input_[node];
    seen.finite_inputs &= graph_.nodes[static_cast<std::size_t>(node)].op != Op::stand_in;
    kinks |= facts_of(graph_.nodes[static_cast<std::size_t>(node)].op).kink_slope;
  }
  seen.input_count = std::max<std::int64_t>(1, inputs);
  const double bound = kink_reach(seen.input_count);
  seen.smooth = !kinks || std::ranges::all_of(nodes, [&](std::int32_t node) {
    const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
    return !facts_of(n.op).kink_slope || away_from_kink(n, bound);
  });
  if (!seen.smooth) return;  // there the sensitivity takes a slope of its own
  const DoubleBall size = engine_.sensitivity(nodes);
  if (size.known()) seen.most = end(size, 1);
  if (const auto a = least_bound(size)) {
    seen.measured = true;
    seen.sensitivity = *a;
  }
}

double FirstLook::largest_sensitivity(std::int32_t node) {
  double& known = sensitivities_[node];
  if (known < 0) {
    const DoubleBall a = engine_.sensitivity(inner_.from(node));
    known = a.known() ? end(a, 1) : infinity;
  }
  return known;
}

// As Kinks measures it, from below: A of a difference is at most the sum of both sides'.
bool FirstLook::away_from_kink(const Node& slope, double bound) {
  const double u = std::ldexp(1, -format(dtype_).precision);
  auto beyond = [&](const DoubleBall& h, double a) {
    return h.known() && !h.contains_zero() && end(double_ball::abs(h), -1) > 1.001 * bound * u * a;
  };
  if (slope.op == Op::unit) return nonzero(slope.b);
  if (slope.op != Op::share) return beyond(engine_.ball(slope.a), largest_sensitivity(slope.a));
  const Node& top = graph_.nodes[static_cast<std::size_t>(slope.a)];
  auto operand = [&](std::int32_t k) { return graph_.operands[static_cast<std::size_t>(top.a + k)]; };
  auto apart = [&](std::int32_t a, std::int32_t b) {
    return beyond(double_ball::sub(engine_.ball(a), engine_.ball(b)),
                  largest_sensitivity(a) + largest_sensitivity(b));
  };
  std::int32_t first = 0;
  for (std::int32_t k = 1; k < top.b; ++k)
    if (engine_.ball(operand(k)).mid > engine_.ball(operand(first)).mid) first = k;
  // There is one winner. Of whoever else, the distance to that counts; of the winner, the one to all others.
  for (std::int32_t k = 0; k < top.b; ++k) {
    if (k == first) continue;
    if (double_ball::compare(engine_.ball(operand(first)), engine_.ball(operand(k))) != 1) return false;
    if ((slope.whole == k || slope.whole == first) && !apart(operand(first), operand(k))) return false;
  }
  return true;
}

}  // namespace assay::reference
