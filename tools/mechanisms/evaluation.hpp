// Of arithmetic.hpp: the evaluation of a graph in one type of numbers, whichever. Include from one source
// file a type.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include "reference/graph/real.hpp"
#include "tools/mechanisms/arithmetic.hpp"

namespace assay::mechanisms {

template <class T>
class Evaluation {
 public:
  Evaluation(const reference::Graph& graph, const Habits& habits)
      : graph_(graph), habits_(habits), values_(graph.nodes.size()) {}

  const std::vector<T>& evaluate(std::span<const std::int32_t> roots) {
    const std::vector<std::uint8_t> needed = reference::needed_for(graph_, roots);
    const std::vector<std::uint8_t> rounded = habits_.rounds_before_last ? before_last(roots) : needed;
    for (std::size_t i = 0; i < needed.size(); ++i) {
      if (!needed[i]) continue;
      const auto known = habits_.given.find(static_cast<std::int32_t>(i));
      values_[i] = known != habits_.given.end()
                       ? T(known->second)
                       : nudged(static_cast<std::int32_t>(i), of(static_cast<std::int32_t>(i)));
      if (habits_.rounds_before_last && rounded[i])
        values_[i] = T(round_to(*habits_.rounds_before_last, static_cast<double>(values_[i])));
    }
    return values_;
  }

 private:
  using Op = reference::Op;
  using Node = reference::Node;

  [[nodiscard]] const Node& node(std::int32_t i) const { return graph_.nodes[static_cast<std::size_t>(i)]; }
  [[nodiscard]] const T& value(std::int32_t i) const { return values_[static_cast<std::size_t>(i)]; }
  [[nodiscard]] std::int32_t operand(const Node& n, std::int32_t k) const {
    return graph_.operands[static_cast<std::size_t>(n.a + k)];
  }

  [[nodiscard]] T nudged(std::int32_t i, const T& x) const {
    if constexpr (std::is_floating_point_v<T>) {
      if (habits_.nudge == Habits::Nudge::none) return x;
      const Op op = node(i).op;
      const bool function = !facts_of(op).rational && !is_leaf(op);
      const bool inexact = op == Op::add || op == Op::sub || op == Op::mul || op == Op::div;
      if (!function && !(habits_.nudges_everything && inexact)) return x;
      if (!std::isfinite(x) || x == 0) return x;
      const bool up =
          habits_.nudge == Habits::Nudge::by_turns ? i % 2 == 0 : habits_.nudge == Habits::Nudge::up;
      return std::nextafter(x, up ? std::numeric_limits<T>::infinity() : -std::numeric_limits<T>::infinity());
    } else {
      return x;
    }
  }

  /// Flags of the operands of the last sum or difference above each root.
  [[nodiscard]] std::vector<std::uint8_t> before_last(std::span<const std::int32_t> roots) const {
    std::vector<std::uint8_t> out(graph_.nodes.size(), 0);
    for (std::int32_t at : roots) {
      // Through what changes no digits: signs, factors, bounds.
      while (at >= 0 && node(at).op != Op::add && node(at).op != Op::sub) {
        const Node& n = node(at);
        const bool through = facts_of(n.op).rational && !is_leaf(n.op) && !has_several_operands(n.op);
        at = !through ? -1 : n.op == Op::weigh || n.op == Op::chain ? n.b : n.a;
      }
      if (at < 0) continue;
      out[static_cast<std::size_t>(node(at).a)] = 1;
      out[static_cast<std::size_t>(node(at).b)] = 1;
    }
    return out;
  }

  /// x of 1 + x or 1 - x, as its own number; else nothing.
  [[nodiscard]] bool beside_one(std::int32_t i, T& x) const {
    const Node& n = node(i);
    if ((n.op != Op::add && n.op != Op::sub) || node(n.a).op != Op::whole || node(n.a).whole != 1)
      return false;
    x = n.op == Op::add ? value(n.b) : T(-value(n.b));
    return true;
  }

  [[nodiscard]] T logarithm(std::int32_t i) const {
    using std::log;
    using std::log1p;
    T x;
    if (habits_.log1p && beside_one(i, x)) return log1p(x);
    return log(value(i));
  }

  [[nodiscard]] T norm(const Node& n) const {
    using std::abs;
    using std::sqrt;
    T largest = 1;
    if (habits_.careful_norm) {
      largest = 0;
      for (std::int32_t k = 0; k < n.b; ++k)
        if (const T size = abs(value(operand(n, k))); size > largest) largest = size;
      if (largest == 0) return largest;
    }
    T total = 0;
    for (std::int32_t k = 0; k < n.b; ++k) {
      const T x = value(operand(n, k)) / largest;
      total += x * x;
    }
    return sqrt(total) * largest;
  }

  [[nodiscard]] T product(const T& a, const T& b, bool first_drops, bool second_drops) const {
    if (habits_.drops_zeros && ((first_drops && a == 0) || (second_drops && b == 0))) return T(0);
    return a * b;
  }

  [[nodiscard]] T share(const Node& n) const {
    const Node& top = node(n.a);
    const T own = value(operand(top, static_cast<std::int32_t>(n.whole)));
    const T& greatest = value(n.a);
    if (greatest != greatest) return greatest;
    if (own != greatest) return T(0);
    int ties = 0;
    for (std::int32_t k = 0; k < top.b; ++k) {
      const bool tied = value(operand(top, k)) == greatest;
      if (tied && !habits_.shares_ties) return T(k == n.whole ? 1 : 0);
      ties += tied;
    }
    return T(1) / T(ties);
  }

  [[nodiscard]] T power(const T& base, const T& exponent) const {
    using std::pow;
    return exponent == 0 ? T(1) : T(pow(base, exponent));
  }

  [[nodiscard]] T of(std::int32_t i) const;

  const reference::Graph& graph_;
  Habits habits_;
  std::vector<T> values_;
};

template <class T>
T Evaluation<T>::of(std::int32_t i) const {
  using std::abs;
  using std::cos;
  using std::cosh;
  using std::exp;
  using std::log;
  using std::sin;
  using std::sinh;
  using std::sqrt;
  const Node& n = node(i);
  const auto a = [&]() -> const T& { return value(n.a); };
  const auto b = [&]() -> const T& { return value(n.b); };
  switch (n.op) {
    case Op::whole:
      return T(n.whole);
    case Op::number:
      return T(n.number);
    case Op::stand_in:
      return T(n.number > 0 ? HUGE_VAL : -HUGE_VAL);
    case Op::pi:
      return T(4 * atan(T(1)));
    case Op::add:
      return a() + b();
    case Op::sub:
      return a() - b();
    case Op::mul:
      return a() * b();
    case Op::div:
      return a() / b();
    case Op::neg:
      return -a();
    case Op::stop_gradient:
      return a();
    case Op::exp:
      return exp(a());
    case Op::log:
      return logarithm(n.a);
    case Op::sqrt:
      return sqrt(a());
    case Op::cosh:
      return cosh(a());
    case Op::sinh:
      return sinh(a());
    case Op::cos:
      return cos(a());
    case Op::sin:
      return sin(a());
    case Op::power:
      return power(a(), b());
    case Op::abs:
      return abs(a());
    case Op::sign:
      return a() > 0 ? T(1) : a() < 0 ? T(-1) : T(a());
    case Op::positive:
      return a() < 0 ? T(0) : a();
    case Op::step:
      return a() > 0 ? T(1) : a() <= 0 ? T(0) : a();
    case Op::maximum: {
      T most = value(operand(n, 0));
      for (std::int32_t k = 1; k < n.b; ++k)
        if (const T& x = value(operand(n, k)); x > most || x != x) most = x;
      return most;
    }
    case Op::share:
      return share(n);
    case Op::where:
      if (const T& x = value(operand(n, 0)); x != x) return x;
      if (const T& y = value(operand(n, 1)); y != y) return y;
      return value(operand(n, 0)) <= value(operand(n, 1)) ? value(operand(n, 2)) : value(operand(n, 3));
    case Op::norm:
      return norm(n);
    case Op::unit:
    case Op::normal:
      return b() == 0 ? T(0) : T(a() / b());
    case Op::normal_slope:
    case Op::mean_slope:
      return 1 / a();
    case Op::overlap:
      return b() == 0 ? T(1) : T(a() / b());
    case Op::mean:
      return a() / b();
    case Op::weigh:
      return product(a(), b(), true, false);
    case Op::chain:
      return product(a(), b(), true, true);
    case Op::xlogy:
      return habits_.drops_zeros && a() == 0 ? T(0) : T(a() * log(b()));
    case Op::divergence:
      return habits_.drops_zeros && a() == 0 ? T(0) : T(a() * log(T(a() / b())));
    case Op::log_ratio:
      return log(T(a() / b()));
  }
  return T(0);
}

}  // namespace assay::mechanisms
