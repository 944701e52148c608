#include "reference/truth/sensitivity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

namespace assay::reference {
namespace {

// A sum that still holds 0 here is less than u times anything that a verdict
// compares it with: the least subnormal has exponent -1074. Looking further
// costs a sweep of the whole graph each time, and only for cosmetics.
constexpr long most_bits = 1152;

const Graph& graph_of(const RecordedCase& r) { return r.graph; }

// |x - o| for each number of one input, o by the record's origin (losses/spec/record.hpp).
std::vector<Ball> distances(const Case& c, const Input* input, const Tensor& tensor) {
  const std::size_t n = tensor.real.size();
  std::vector<Ball> result(n);
  const Origin origin = input ? input->origin : Origin::zero;
  const Tensor* partner = origin == Origin::partner ? &c.inputs.at(std::string(input->partner)) : nullptr;
  const std::size_t width =
      tensor.shape.empty() ? 1 : std::max<std::size_t>(1, static_cast<std::size_t>(tensor.shape.back()));
  for (std::size_t i = 0; i < n; ++i) {
    const double x = tensor.real[i];
    if (!std::isfinite(x) || origin == Origin::counted) continue;  // left out: 0
    double o = 0;
    if (partner) o = partner->real[i];
    if (origin == Origin::nearer_end) o = x > .5 ? 1 : 0;
    if (origin == Origin::row_maximum) {
      o = -infinity;
      const std::size_t row = i / width * width;
      for (std::size_t k = row; k < row + width; ++k)
        if (std::isfinite(tensor.real[k])) o = std::max(o, tensor.real[k]);
    }
    if (!std::isfinite(o)) continue;
    Ball other;
    arb_set_d(result[i], x);
    arb_set_d(other, o);
    arb_sub(result[i], result[i], other, ARF_PREC_EXACT);
    arb_abs(result[i], result[i]);
  }
  return result;
}

// Away from 0: a size below every double is still not 0.
double to_double(arb_srcptr ball) { return arf_get_d(arb_midref(ball), ARF_RND_UP); }

}  // namespace

Sensitivity::Sensitivity(const RecordedCase& recorded, Precision precision)
    : recorded_(recorded),
      graph_(graph_of(recorded)),
      precision_{std::max(precision.start, 128L), std::min(precision.limit, 2 * precision.start + most_bits)},
      engine_(graph_),
      evaluated_(graph_.nodes.size(), 0),
      adjoints_(_arb_vec_init(static_cast<slong>(graph_.nodes.size()))),
      size_(graph_.nodes.size()),
      touched_(size_, 0),
      distance_of_(size_, -1),
      marked_(size_, 0),
      counted_(size_, 0) {
  for (const auto& [name, leaves] : recorded.inputs.leaves) {
    const Tensor& tensor = recorded.question.inputs.at(name);
    std::vector<Ball> sizes = distances(recorded.question, recorded.question.record()->input(name), tensor);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      distance_of_[static_cast<std::size_t>(leaves[i].index())] =
          static_cast<std::int32_t>(distances_.size());
      distances_.push_back(std::move(sizes[i]));
    }
  }
  for (std::int32_t m : graph_.marked) marked_[static_cast<std::size_t>(m)] = 1;
  for (std::int32_t d : graph_.counted) counted_[static_cast<std::size_t>(d)] = 1;
}

Sensitivity::~Sensitivity() { _arb_vec_clear(adjoints_, static_cast<slong>(size_)); }

void Sensitivity::evaluate_at_least(long bits, std::int32_t node) {
  if (bits > bits_) {
    std::fill(evaluated_.begin(), evaluated_.end(), std::uint8_t{0});
    bits_ = bits;
  }
  if (evaluated_[static_cast<std::size_t>(node)]) return;
  std::vector<std::uint8_t> needed = needed_for(graph_, {{node}});
  for (std::size_t i = 0; i < needed.size(); ++i)
    if (evaluated_[i]) needed[i] = 0;
  engine_.evaluate(bits_, needed, AtKink::largest);
  for (std::size_t i = 0; i < needed.size(); ++i) evaluated_[i] |= needed[i];
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

double Sensitivity::of(std::int32_t node) {
  const std::pair<std::int32_t, int> only{node, 1};
  const Swept a = settle({&only, 1});
  return a.infinite ? infinity : to_double(a.size);
}

Sensitivity::Swept Sensitivity::settle(Sum sum) {
  for (long bits = precision_.start;; bits = std::min(bits * 4, precision_.limit)) {
    for (const auto& each : sum) evaluate_at_least(bits, each.first);
    Swept result = sweep(sum);
    if (result.settled || bits_ >= precision_.limit) return result;
  }
}

void Sensitivity::give(std::int32_t node, arb_srcptr slope, arb_srcptr local) {
  const auto i = static_cast<std::size_t>(node);
  if (touched_[i] == 2 || arb_is_zero(local)) return;
  if (!touched_[i]) {
    arb_zero(adjoints_ + i);
    touched_[i] = 1;
    nodes_touched_.push_back(node);
  }
  arb_addmul(adjoints_ + i, slope, local, bits_);
}

void Sensitivity::give_infinite(std::int32_t node) {
  const auto i = static_cast<std::size_t>(node);
  if (!touched_[i]) nodes_touched_.push_back(node);
  touched_[i] = 2;
}

Sensitivity::Swept Sensitivity::sweep(Sum sum) {
  nodes_touched_.clear();
  Ball one;
  std::int32_t top = 0;
  for (const auto& [node, factor] : sum) {
    arb_set_si(one, factor);
    Ball unit;
    arb_one(unit);
    give(node, one, unit);
    top = std::max(top, node);
  }
  Ball inputs, marks, t;
  bool infinite = false;
  for (std::int32_t i = top; i >= 0; --i) {
    const auto k = static_cast<std::size_t>(i);
    if (!touched_[k]) continue;
    const bool unbounded = touched_[k] == 2;
    if (const std::int32_t d = distance_of_[k]; d >= 0) {
      const Ball& distance = distances_[static_cast<std::size_t>(d)];
      if (unbounded) {
        infinite |= !arb_is_zero(distance);
      } else {
        arb_mul(t, distance, adjoints_ + k, bits_);
        arb_abs(t, t);
        arb_add(inputs, inputs, t, bits_);
      }
    }
    if ((marked_[k] || counted_[k]) && engine_.special(i) == Special::none) {
      if (unbounded) {
        infinite |= counted_[k] && !arb_is_zero(engine_.ball(i));
      } else {
        Ball& total = counted_[k] ? inputs : marks;
        arb_mul(t, engine_.ball(i), adjoints_ + k, bits_);
        arb_abs(t, t);
        arb_add(total, total, t, bits_);
      }
    }
    step(i);
  }
  for (std::int32_t n : nodes_touched_) touched_[static_cast<std::size_t>(n)] = 0;
  Swept result;
  result.infinite = infinite || !arb_is_finite(inputs) || !arb_is_finite(marks);
  result.settled = infinite;
  if (result.infinite) return result;
  arb_max(result.size, inputs, marks, bits_);
  result.settled = arb_is_zero(result.size) || arb_rel_accuracy_bits(result.size) >= 20;
  if (!result.settled && arb_contains_zero(result.size)) arb_zero(result.size);
  return result;
}

void Sensitivity::step(std::int32_t node) {
  const Node& n = graph_.nodes[static_cast<std::size_t>(node)];
  if (is_leaf(n.op) || n.op == Op::sign || n.op == Op::step || n.op == Op::share) return;
  const bool unbounded = touched_[static_cast<std::size_t>(node)] == 2;
  arb_srcptr s = adjoints_ + node;
  arb_srcptr z = engine_.ball(node);
  Ball local;
  // A local derivative that is itself infinite or lost: infinite from here on down.
  auto pass = [&](std::int32_t operand, arb_srcptr derivative) {
    if (operand < 0) return;
    if (unbounded) {
      if (!arb_is_zero(derivative)) give_infinite(operand);
    } else {
      give(operand, s, derivative);
    }
  };
  auto value = [&](std::int32_t i) { return engine_.ball(i); };
  auto ordinary = [&](std::int32_t i) { return engine_.special(i) == Special::none; };
  auto pass_value = [&](std::int32_t operand, std::int32_t factor) {
    if (ordinary(factor))
      pass(operand, value(factor));
    else if (!(touched_[static_cast<std::size_t>(node)] == 1 && arb_is_zero(s)))
      give_infinite(operand);
  };
  auto inverse = [&](std::int32_t operand, std::int32_t of, bool negated) {
    if (!ordinary(of)) return;  // 1 / infinity
    if (arb_is_zero(value(of))) {
      give_infinite(operand);
      return;
    }
    arb_inv(local, value(of), bits_);
    if (negated) arb_neg(local, local);
    pass(operand, local);
  };

  switch (n.op) {
    case Op::add:
    case Op::sub:
      arb_one(local);
      pass(n.a, local);
      if (n.op == Op::sub) arb_neg(local, local);
      pass(n.b, local);
      break;
    case Op::stop_gradient:
      arb_one(local);
      pass(n.a, local);
      break;
    case Op::neg:
      arb_set_si(local, -1);
      pass(n.a, local);
      break;
    case Op::mul:
      pass_value(n.a, n.b);
      pass_value(n.b, n.a);
      break;
    case Op::weigh:
    case Op::chain:
      if (ordinary(n.a) && arb_is_zero(value(n.a)) && !ordinary(n.b)) {
        give_infinite(n.a);  // counts only where the coefficient's own size does
        break;
      }
      pass_value(n.a, n.b);
      pass_value(n.b, n.a);
      break;
    case Op::div:
    case Op::unit:
    case Op::mean:
    case Op::normal:
    case Op::overlap:
      if (!ordinary(n.b) || !ordinary(node)) break;
      if (arb_is_zero(value(n.b))) {
        if (n.op == Op::div) give_infinite(n.a);
        break;
      }
      inverse(n.a, n.b, false);
      arb_div(local, z, value(n.b), bits_);
      arb_neg(local, local);
      pass(n.b, local);
      break;
    case Op::exp:
      pass_value(n.a, node);
      break;
    case Op::log:
      inverse(n.a, n.a, false);
      break;
    case Op::sqrt:
      arb_mul_2exp_si(local, z, 1);
      if (arb_is_zero(local)) {
        give_infinite(n.a);
        break;
      }
      arb_inv(local, local, bits_);
      pass(n.a, local);
      break;
    case Op::cosh:
    case Op::sinh:
      if (!ordinary(n.a)) break;
      if (n.op == Op::cosh)
        arb_sinh(local, value(n.a), bits_);
      else
        arb_cosh(local, value(n.a), bits_);
      pass(n.a, local);
      break;
    case Op::cos:
    case Op::sin:
      if (!ordinary(n.a)) break;
      if (n.op == Op::cos)
        arb_sin(local, value(n.a), bits_);
      else
        arb_cos(local, value(n.a), bits_);
      if (n.op == Op::cos) arb_neg(local, local);
      pass(n.a, local);
      break;
    case Op::abs:
      if (!ordinary(n.a)) break;
      arb_sgn(local, value(n.a));
      if (arb_is_zero(value(n.a))) arb_one(local);
      pass(n.a, local);
      break;
    case Op::positive:
      if (!ordinary(n.a)) break;
      if (arb_is_negative(value(n.a))) break;
      arb_one(local);
      pass(n.a, local);
      break;
    case Op::maximum:
      arb_one(local);
      for (std::int32_t k = 0; k < n.b; ++k) {
        const std::int32_t o = graph_.operands[static_cast<std::size_t>(n.a + k)];
        if (ordinary(o) && ordinary(node) && arb_overlaps(value(o), z)) pass(o, local);
      }
      break;
    case Op::norm:
      for (std::int32_t k = 0; k < n.b; ++k) {
        const std::int32_t o = graph_.operands[static_cast<std::size_t>(n.a + k)];
        if (!ordinary(o) || !ordinary(node)) continue;
        if (arb_is_zero(z))
          arb_one(local);
        else
          arb_div(local, value(o), z, bits_);
        pass(o, local);
      }
      break;
    case Op::where: {
      const std::int32_t* o = graph_.operands.data() + n.a;
      arb_one(local);
      const bool first = ordinary(o[0]) && ordinary(o[1])
                             ? !arb_gt(value(o[0]), value(o[1]))
                             : engine_.special(o[0]) == Special::minus_infinity ||
                                   engine_.special(o[1]) == Special::plus_infinity;
      pass(first ? o[2] : o[3], local);
      break;
    }
    case Op::power: {
      if (!ordinary(n.a) || !ordinary(n.b) || arb_is_zero(value(n.b))) break;
      if (!arb_is_zero(value(n.a))) {
        if (!ordinary(node)) break;
        arb_log(local, value(n.a), bits_);
        arb_mul(local, local, z, bits_);
        pass(n.b, local);
        arb_div(local, z, value(n.a), bits_);
        arb_mul(local, local, value(n.b), bits_);
        pass(n.a, local);
        break;
      }
      Ball rest;
      arb_sub_si(rest, value(n.b), 1, bits_);
      if (arb_is_negative(rest)) give_infinite(n.a);
      arb_one(local);
      if (arb_is_zero(rest)) pass(n.a, local);
      break;
    }
    case Op::xlogy:
    case Op::divergence:
      if (!ordinary(n.a) || !ordinary(n.b)) break;
      if (arb_is_zero(value(n.b)) || (n.op == Op::divergence && arb_is_zero(value(n.a)))) {
        give_infinite(n.a);
        if (!arb_is_zero(value(n.a))) give_infinite(n.b);
        break;
      }
      if (n.op == Op::xlogy) {
        arb_log(local, value(n.b), bits_);
      } else {
        arb_div(local, value(n.a), value(n.b), bits_);
        arb_log(local, local, bits_);
        arb_add_si(local, local, 1, bits_);
      }
      pass(n.a, local);
      arb_div(local, value(n.a), value(n.b), bits_);
      if (n.op == Op::divergence) arb_neg(local, local);
      pass(n.b, local);
      break;
    case Op::log_ratio:
      inverse(n.a, n.a, false);
      inverse(n.b, n.b, true);
      break;
    case Op::mean_slope:
    case Op::normal_slope:
      if (!ordinary(node)) break;
      arb_mul(local, z, z, bits_);
      arb_neg(local, local);
      pass(n.a, local);
      break;
    default:
      break;
  }
}

}  // namespace assay::reference
