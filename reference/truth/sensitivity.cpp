#include "reference/truth/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "reference/graph/operations/operations.hpp"

namespace assay::reference {
namespace {

// A sum that still holds 0 here is less than u times anything that a verdict
// compares it with: the least subnormal has exponent -1074. Looking further
// costs a sweep of the whole graph each time, and only for cosmetics.
constexpr long most_bits = 1152;

// Away from 0: a size below every double is still not 0.
double to_double(arb_srcptr ball) { return arf_get_d(arb_midref(ball), ARF_RND_UP); }

}  // namespace

Sensitivity::Sensitivity(const RecordedCase& recorded, Precision precision)
    : recorded_(recorded),
      graph_(recorded.graph),
      precision_{std::max(precision.start, 128L), std::min(precision.limit, 2 * precision.start + most_bits)},
      engine_(graph_),
      descent_(graph_),
      evaluated_(graph_.nodes.size(), 0) {}

// Magnitudes alone need none of this.
void Sensitivity::prepare_to_sweep() {
  if (adjoints_) return;
  const std::size_t nodes = graph_.nodes.size();
  adjoints_.emplace(nodes);
  distance_of_.assign(nodes, -1);
  marked_.assign(nodes, 0);
  counted_.assign(nodes, 0);
  const Case& question = recorded_.question;
  for (const auto& [name, leaves] : recorded_.inputs.leaves) {
    const auto sizes = distances(question, question.record()->input(name), question.inputs.at(name));
    for (std::size_t i = 0; i < leaves.size(); ++i)
      if (sizes[i]) {
        distance_of_[static_cast<std::size_t>(leaves[i].index())] =
            static_cast<std::int32_t>(distances_.size());
        distances_.push_back(*sizes[i]);
      }
  }
  for (std::int32_t m : graph_.marked) marked_[static_cast<std::size_t>(m)] = 1;
  for (std::int32_t d : graph_.counted) counted_[static_cast<std::size_t>(d)] = 1;
}

void Sensitivity::evaluate_at_least(long bits, std::int32_t node) {
  if (bits > bits_) {
    std::fill(evaluated_.begin(), evaluated_.end(), std::uint8_t{0});
    bits_ = bits;
  }
  if (evaluated_[static_cast<std::size_t>(node)]) return;
  const auto nodes = descent_.towards(
      {&node, 1}, [&](std::int32_t n) { return evaluated_[static_cast<std::size_t>(n)] != 0; });
  engine_.evaluate(bits_, nodes, AtKink::largest);
  for (const std::int32_t n : nodes) evaluated_[static_cast<std::size_t>(n)] = 1;
}

bool Sensitivity::measure(Sum sum, Ball& size) {
  Ball term;
  for (long bits = precision_.start;; bits = std::min(bits * 4, precision_.limit)) {
    arb_zero(size);
    for (const auto& [node, factor] : sum) {
      evaluate_at_least(bits, node);
      if (engine_.special(node) != Special::none) return false;
      arb_mul_si(term, engine_.ball(node), factor, bits_);
      arb_add(size, size, term, bits_);
    }
    arb_abs(size, size);
    if (arb_is_zero(size) || arb_rel_accuracy_bits(size) >= 20) return true;
    if (bits_ < precision_.limit) continue;
    if (arb_contains_zero(size)) arb_zero(size);
    return true;
  }
}

double Sensitivity::magnitude(std::int32_t node) {
  if (node < 0) return 0;
  Ball size;
  const std::pair<std::int32_t, int> only{node, 1};
  if (measure({&only, 1}, size)) return to_double(size);
  return engine_.special(node) == Special::nan || engine_.special(node) == Special::unchecked ? 0 : infinity;
}

double Sensitivity::relative_size(Sum h) {
  Ball size;
  if (!measure(h, size)) return infinity;
  if (arb_is_zero(size)) return 0;
  const Swept a = settle(h);
  if (a.infinite) return 0;
  if (arb_is_zero(a.size)) return infinity;
  arb_div(size, size, a.size, 128);
  return to_double(size);
}

double Sensitivity::of(std::int32_t node, double enough) {
  const std::pair<std::int32_t, int> only{node, 1};
  const Swept a = settle({&only, 1}, enough);
  return a.infinite ? infinity : to_double(a.size);
}

Sensitivity::Swept Sensitivity::settle(Sum sum, double enough) {
  for (long bits = precision_.start;; bits = std::min(bits * 4, precision_.limit)) {
    for (const auto& each : sum) evaluate_at_least(bits, each.first);
    Swept result = sweep(sum);
    if (result.settled) return result;
    if (bits_ >= precision_.limit) {
      if (arb_contains_zero(result.size)) arb_zero(result.size);
      return result;
    }
    if (enough > 0 && !result.infinite) {
      Ball most;
      arb_get_ubound_arf(arb_midref(static_cast<arb_ptr>(most)), result.size, 64);
      if (to_double(most) <= enough) {
        result.size = std::move(most);
        return result;
      }
    }
  }
}

Sensitivity::Swept Sensitivity::sweep(Sum sum) {
  prepare_to_sweep();
  BallAdjoints& adjoints = *adjoints_;
  Ball slope, one;
  arb_one(one);
  std::vector<std::int32_t> tops;
  for (const auto& [node, factor] : sum) {
    arb_set_si(slope, factor);
    adjoints.give(node, slope, one, bits_);
    tops.push_back(node);
  }
  const Balls balls = engine_.balls();
  Ball inputs, marks, t, distance;
  bool infinite = false;
  for (const std::int32_t i : descent_.from(tops)) {
    const auto k = static_cast<std::size_t>(i);
    if (adjoints.state(i) == BallAdjoints::State::untouched) continue;
    const bool unbounded = adjoints.state(i) == BallAdjoints::State::infinite;
    if (const std::int32_t d = distance_of_[k]; d >= 0) {
      arb_set_d(distance, distances_[static_cast<std::size_t>(d)].x);
      arb_set_d(t, distances_[static_cast<std::size_t>(d)].origin);
      arb_sub(distance, distance, t, ARF_PREC_EXACT);
      arb_abs(distance, distance);
      if (unbounded) {
        infinite |= !arb_is_zero(distance);
      } else {
        arb_mul(t, distance, adjoints.ball(i), bits_);
        arb_abs(t, t);
        arb_add(inputs, inputs, t, bits_);
      }
    }
    if ((marked_[k] || counted_[k]) && engine_.special(i) == Special::none) {
      if (unbounded) {
        infinite |= counted_[k] && !arb_is_zero(engine_.ball(i));
      } else {
        Ball& total = counted_[k] ? inputs : marks;
        arb_mul(t, engine_.ball(i), adjoints.ball(i), bits_);
        arb_abs(t, t);
        arb_add(total, total, t, bits_);
      }
    }
    const Node& n = graph_.nodes[k];
    if (is_leaf(n.op)) continue;
    SensitivityStep step{balls, adjoints, i, n, bits_};
    visit(n.op, [&]<Op op>() { Operation<op>::propagate(step); });
  }
  adjoints.clear();
  Swept result;
  result.infinite = infinite || !arb_is_finite(inputs) || !arb_is_finite(marks);
  result.settled = infinite;
  if (result.infinite) return result;
  arb_max(result.size, inputs, marks, bits_);
  result.settled = arb_is_zero(result.size) || arb_rel_accuracy_bits(result.size) >= 20;
  return result;
}

}  // namespace assay::reference
