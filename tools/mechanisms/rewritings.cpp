// Of rewriting.hpp: what implementations write instead of the paper's formula.
#include <algorithm>
#include <cmath>

#include "tools/mechanisms/rewriting.hpp"

namespace assay::mechanisms::rewritings {
namespace {

using reference::Node;
using reference::Op;
using reference::Vector;

/// a of 1 + e^a, else -1.
std::int32_t exponent_beside_one(const Rewriter& w, std::int32_t node) {
  if (!w.is(node, Op::add)) return -1;
  const Node& n = w.at(node);
  if (w.is_whole(n.a, 1) && w.is(n.b, Op::exp)) return w.at(n.b).a;
  return -1;
}
/// a of log(1 + e^a), else -1.
std::int32_t exponent_of_softplus(const Rewriter& w, std::int32_t node) {
  return w.is(node, Op::log) ? exponent_beside_one(w, w.at(node).a) : -1;
}

/// The exponents of a sum of two exponentials or more, and nothing else; none where it is another sum.
std::vector<std::int32_t> exponents(const Rewriter& w, std::int32_t node) {
  if (!w.is(node, Op::add)) return {};
  std::vector<std::int32_t> out;
  for (const std::int32_t each : summands(w.from, node)) {
    if (!w.is(each, Op::exp)) return {};
    out.push_back(w.at(each).a);
  }
  return out;
}
Real largest(Rewriter& w, const std::vector<std::int32_t>& all) {
  Vector copies;
  for (const std::int32_t each : all) copies.push_back(w.copy(each));
  return stop_gradient(maximum(copies));
}
Real sum_of_powers(Rewriter& w, const std::vector<std::int32_t>& all, Real m) {
  Vector powers;
  for (const std::int32_t each : all) powers.push_back(exp(w.copy(each) - m));
  return sum(powers);
}

/// e^x / sum of several such.
struct Share {
  std::vector<std::int32_t> above, below;
};
std::optional<Share> share(const Rewriter& w, std::int32_t node) {
  if (!w.is(node, Op::div)) return std::nullopt;
  const Node& n = w.at(node);
  Share out{{}, exponents(w, n.b)};
  if (out.below.empty()) return std::nullopt;
  if (w.is(n.a, Op::exp))
    out.above = {w.at(n.a).a};
  else
    out.above = exponents(w, n.a);
  if (out.above.empty()) return std::nullopt;
  for (const std::int32_t each : out.above)
    if (std::ranges::find(out.below, each) == out.below.end()) return std::nullopt;
  return out;
}
/// x and the sum of log(e^x / sum).
std::optional<Share> log_share(const Rewriter& w, std::int32_t node) {
  if (!w.is(node, Op::log)) return std::nullopt;
  std::optional<Share> s = share(w, w.at(node).a);
  return s && s->above.size() == 1 ? s : std::nullopt;
}

}  // namespace

std::optional<Real> shifted(Rewriter& w, std::int32_t node) {
  if (const auto s = share(w, node)) {
    const Real m = largest(w, s->below);
    return sum_of_powers(w, s->above, m) / sum_of_powers(w, s->below, m);
  }
  if (!w.is(node, Op::log)) return std::nullopt;
  const std::vector<std::int32_t> all = exponents(w, w.at(node).a);
  if (all.empty()) return std::nullopt;
  const Real m = largest(w, all);
  return m + log(sum_of_powers(w, all, m));
}

std::optional<Real> less_log_sum(Rewriter& w, std::int32_t node) {
  const auto s = log_share(w, node);
  if (!s) return std::nullopt;
  const Real m = largest(w, s->below);
  return w.copy(s->above.front()) - (m + log(sum_of_powers(w, s->below, m)));
}

std::optional<Real> shifted_less_log(Rewriter& w, std::int32_t node) {
  const auto s = log_share(w, node);
  if (!s) return std::nullopt;
  const Real m = largest(w, s->below);
  return (w.copy(s->above.front()) - m) - log(sum_of_powers(w, s->below, m));
}

std::optional<Real> softplus(Rewriter& w, std::int32_t node) {
  const std::int32_t a = exponent_of_softplus(w, node);
  if (a < 0) return std::nullopt;
  const Real x = w.copy(a);
  return positive_part(x) + log(1 + exp(-abs(x)));
}

std::optional<Real> log_of_sigmoid(Rewriter& w, std::int32_t node) {
  const std::int32_t a = exponent_of_softplus(w, node);
  if (a < 0) return std::nullopt;
  if (w.is(a, Op::neg)) return -log(1 / (1 + exp(w.copy(a))));
  return -log(1 - 1 / (1 + exp(-w.copy(a))));
}

std::optional<Real> log_of_split_sigmoid(Rewriter& w, std::int32_t node) {
  const std::int32_t a = exponent_of_softplus(w, node);
  if (a < 0) return std::nullopt;
  const bool own = w.is(a, Op::neg);
  const Real x = own ? w.copy(w.at(a).a) : w.copy(a), power = exp(-abs(x));
  const Real p = reference::where(Real(0) <= x, 1 / (1 + power), power / (1 + power));
  return own ? -log(p) : -log(1 - p);
}

std::optional<Real> quotient_sigmoid(Rewriter& w, std::int32_t node) {
  if (!w.is(node, Op::div) || !w.is_whole(w.at(node).a, 1)) return std::nullopt;
  const std::int32_t a = exponent_beside_one(w, w.at(node).b);
  if (a < 0) return std::nullopt;
  const Real power = exp(-w.copy(a));
  return power / (1 + power);
}

std::optional<Real> complement_sigmoid(Rewriter& w, std::int32_t node) {
  if (!w.is(node, Op::div) || !w.is_whole(w.at(node).a, 1)) return std::nullopt;
  const std::int32_t a = exponent_beside_one(w, w.at(node).b);
  if (a < 0) return std::nullopt;
  return 1 - 1 / (1 + exp(-w.copy(a)));
}

namespace {
/// The exponents of a sum of which all but one stand above it, and that one.
struct Others {
  std::int32_t own;
  std::vector<std::int32_t> all;
};
std::optional<Others> other_shares(const Rewriter& w, std::int32_t node) {
  const auto s = share(w, node);
  if (!s || s->above.size() + 1 != s->below.size()) return std::nullopt;
  for (const std::int32_t own : s->below)
    if (std::ranges::find(s->above, own) == s->above.end()) return Others{own, s->below};
  return std::nullopt;
}
/// x of 1/(1 + e^-x), else -1; of 1/(1 + e^x) where it is `turned`.
std::int32_t logit(const Rewriter& w, std::int32_t node, bool turned) {
  if (!w.is(node, Op::div) || !w.is_whole(w.at(node).a, 1)) return -1;
  const std::int32_t a = exponent_beside_one(w, w.at(node).b);
  if (a < 0 || w.is(a, Op::neg) == turned) return -1;
  return turned ? a : w.at(a).a;
}
}  // namespace

std::optional<Real> complement_log_share(Rewriter& w, std::int32_t node) {
  const auto others = other_shares(w, node);
  if (!others) return std::nullopt;
  const Real m = largest(w, others->all);
  return 1 - exp((w.copy(others->own) - m) - log(sum_of_powers(w, others->all, m)));
}

std::optional<Real> complement_mixture(Rewriter& w, std::int32_t node) {
  if (!w.is(node, Op::add) || !w.is(w.at(node).a, Op::weigh) || !w.is(w.at(node).b, Op::weigh))
    return std::nullopt;
  const Node &first = w.at(w.at(node).a), &second = w.at(w.at(node).b);
  const std::int32_t x = logit(w, first.b, true);
  if (x < 0 || logit(w, second.b, false) != x) return std::nullopt;
  const Real p = 1 / (1 + exp(-w.copy(x))), t = w.copy(first.a);
  return 1 - (p * t + (1 - p) * (1 - t));
}

std::optional<Real> complement_share(Rewriter& w, std::int32_t node) {
  if (const auto others = other_shares(w, node)) {
    const Real m = largest(w, others->all);
    return 1 - exp(w.copy(others->own) - m) / sum_of_powers(w, others->all, m);
  }
  if (!w.is(node, Op::div) || !w.is_whole(w.at(node).a, 1)) return std::nullopt;
  const std::int32_t a = exponent_beside_one(w, w.at(node).b);
  if (a < 0 || w.is(a, Op::neg)) return std::nullopt;
  return 1 - 1 / (1 + exp(-w.copy(a)));
}

std::optional<Real> log_cosh(Rewriter& w, std::int32_t node) {
  if (!w.is(node, Op::log) || !w.is(w.at(node).a, Op::cosh)) return std::nullopt;
  const Real a = w.copy(w.at(w.at(node).a).a), twice = -2 * a;
  return a + (positive_part(twice) + log(1 + exp(-abs(twice)))) - log(Real(2));
}
std::optional<Real> log_cosh_of_size(Rewriter& w, std::int32_t node) {
  if (!w.is(node, Op::log) || !w.is(w.at(node).a, Op::cosh)) return std::nullopt;
  const Real a = abs(w.copy(w.at(w.at(node).a).a));
  return a + log(1 + exp(-2 * a)) - log(Real(2));
}

std::optional<Real> expanded_square(Rewriter& w, std::int32_t node) {
  const Node& n = w.at(node);
  if (n.op != Op::mul || n.a != n.b || !w.is(n.a, Op::sub)) return std::nullopt;
  const Real x = w.copy(w.at(n.a).a), t = w.copy(w.at(n.a).b);
  return x * x - 2 * x * t + t * t;
}
std::optional<Real> expanded_square_last(Rewriter& w, std::int32_t node) {
  const Node& n = w.at(node);
  if (n.op != Op::mul || n.a != n.b || !w.is(n.a, Op::sub)) return std::nullopt;
  const Real x = w.copy(w.at(n.a).a), t = w.copy(w.at(n.a).b);
  return (x * x + t * t) - 2 * (x * t);
}

std::optional<Real> root_of_square(Rewriter& w, std::int32_t node) {
  if (!w.is(node, Op::abs)) return std::nullopt;
  const Real a = w.copy(w.at(node).a);
  return sqrt(a * a);
}

std::optional<Real> divided_twice(Rewriter& w, std::int32_t node) {
  const Node& n = w.at(node);
  if (n.op != Op::div || !w.is(n.b, Op::mul)) return std::nullopt;
  const Node& below = w.at(n.b);
  return w.copy(n.a) / w.copy(below.a) / w.copy(below.b);
}

std::optional<Real> added_in_log(Rewriter& w, std::int32_t node) {
  const Node& n = w.at(node);
  if (n.op == Op::log) return log(w.copy(n.a) + w.fitted());
  if (n.op == Op::xlogy) return w.copy(n.a) * log(w.copy(n.b) + w.fitted());
  if (n.op == Op::divergence)
    return w.copy(n.a) * log((w.copy(n.a) + w.fitted()) / (w.copy(n.b) + w.fitted()));
  return std::nullopt;
}
std::optional<Real> floor_in_log(Rewriter& w, std::int32_t node) {
  const Node& n = w.at(node);
  if (n.op == Op::log) return log(reference::maximum({w.copy(n.a), w.fitted()}));
  if (n.op == Op::xlogy) return w.copy(n.a) * log(reference::maximum({w.copy(n.b), w.fitted()}));
  return std::nullopt;
}
std::optional<Real> floor_of_log(Rewriter& w, std::int32_t node) {
  if (!w.is(node, Op::log)) return std::nullopt;
  return reference::maximum({w.plain(node), -w.fitted()});
}

namespace {
bool is_quotient(Op op) { return op == Op::div || op == Op::normal || op == Op::overlap; }
}  // namespace

std::optional<Real> added_below(Rewriter& w, std::int32_t node) {
  const Node& n = w.at(node);
  if (n.op == Op::abs && w.is(n.a, Op::div))
    return abs(w.copy(w.at(n.a).a)) / (abs(w.copy(w.at(n.a).b)) + w.fitted());
  if (!is_quotient(n.op) || w.is(n.b, Op::whole)) return std::nullopt;
  return w.copy(n.a) / (w.copy(n.b) + w.fitted());
}
std::optional<Real> added_to_shifted(Rewriter& w, std::int32_t node) {
  const auto s = share(w, node);
  if (!s) return std::nullopt;
  const Real m = largest(w, s->below);
  return sum_of_powers(w, s->above, m) / (sum_of_powers(w, s->below, m) + w.fitted());
}
std::optional<Real> floor_below(Rewriter& w, std::int32_t node) {
  const Node& n = w.at(node);
  if (!is_quotient(n.op) || w.is(n.b, Op::whole)) return std::nullopt;
  return w.copy(n.a) / reference::maximum({w.copy(n.b), w.fitted()});
}
std::optional<Real> added_in_differences(Rewriter& w, std::int32_t node) {
  const Node& n = w.at(node);
  if (n.op != Op::sub || !is_leaf(w.at(n.a).op) || !is_leaf(w.at(n.b).op)) return std::nullopt;
  return w.copy(n.a) - w.copy(n.b) + w.fitted();
}
std::optional<Real> added_under_root(Rewriter& w, std::int32_t node) {
  const Node& n = w.at(node);
  if (n.op == Op::sqrt) return sqrt(w.copy(n.a) + w.fitted());
  if (n.op != Op::norm) return std::nullopt;
  Vector squares;
  w.from.each_operand(node, [&](std::int32_t o) {
    const Real x = w.copy(o);
    squares.push_back(x * x);
  });
  return sqrt(sum(squares) + w.fitted());
}
std::optional<Real> smoothed_size(Rewriter& w, std::int32_t node) {
  if (!w.is(node, Op::abs)) return std::nullopt;
  const Real a = w.copy(w.at(node).a);
  return sqrt(a * a + w.fitted());
}
std::optional<Real> capped_exponent(Rewriter& w, std::int32_t node) {
  if (!w.is(node, Op::exp)) return std::nullopt;
  return exp(-reference::maximum({-w.copy(w.at(node).a), -w.fitted()}));
}

}  // namespace assay::mechanisms::rewritings
