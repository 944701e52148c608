// The same graph, evaluated by a number type of Boost.Multiprecision: one
// number a node, no enclosure. It shares with the balls the record of the
// formula and nothing else. Include from one source file a number type.
#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "reference/engines/point_engines.hpp"
#include "reference/graph/real.hpp"

namespace assay::reference {

/// Which functions a number type has, and how it is compared and written. Specialised beside each type.
template <class Number>
struct Arithmetic;

template <class Number>
class PointEngine {
 public:
  explicit PointEngine(const Graph& graph)
      : graph_(graph), values_(graph.nodes.size()), states_(graph.nodes.size(), Point::State::number) {}

  std::vector<Point> evaluate(std::span<const std::int32_t> roots) {
    const std::vector<std::uint8_t> needed = needed_for(graph_, roots);
    for (std::size_t i = 0; i < needed.size(); ++i)
      if (needed[i]) step(static_cast<std::int32_t>(i));
    std::vector<Point> result;
    for (std::int32_t root : roots) {
      if (root < 0) {
        result.push_back({Point::State::number, "0"});
        continue;
      }
      const State state = states_[static_cast<std::size_t>(root)];
      result.push_back(
          {state, state == State::number ? Arithmetic<Number>::text(value(root)) : std::string()});
    }
    return result;
  }

 private:
  using State = Point::State;
  const Number& value(std::int32_t i) const { return values_[static_cast<std::size_t>(i)]; }
  State state(std::int32_t i) const { return states_[static_cast<std::size_t>(i)]; }
  bool infinite(std::int32_t i) const {
    return state(i) == State::plus_infinity || state(i) == State::minus_infinity;
  }
  bool zero(std::int32_t i) const { return state(i) == State::number && value(i) == 0; }
  int sign(std::int32_t i) const {
    if (infinite(i)) return state(i) == State::plus_infinity ? 1 : -1;
    return value(i) > 0 ? 1 : value(i) < 0 ? -1 : 0;
  }

  // A difference that is all rounding error is 0: this engine has no other way of seeing it.
  static Number sum(const Number& a, const Number& b) {
    const Number s = a + b;
    const Number size = abs(a) > abs(b) ? Number(abs(a)) : Number(abs(b));
    return abs(s) <= size * Arithmetic<Number>::noise() ? Number(0) : s;
  }

  void step(std::int32_t i) {
    const Node& n = graph_.nodes[static_cast<std::size_t>(i)];
    Number& z = values_[static_cast<std::size_t>(i)];
    State& s = states_[static_cast<std::size_t>(i)];
    s = State::number;
    const bool drops = n.op == Op::weigh || n.op == Op::chain || n.op == Op::xlogy || n.op == Op::divergence;
    if (drops && (zero(n.a) || (n.op == Op::chain && zero(n.b)))) {
      z = 0;
      return;
    }
    if (n.op == Op::where) {
      take_branch(n, z, s);
      return;
    }
    // What is lost stays lost, and what is only out of this engine's range says nothing against the balls.
    State worst = State::number;
    graph_.each_operand(i, [&](std::int32_t o) {
      if (state(o) == State::out_of_range || (state(o) == State::nan && worst != State::out_of_range))
        worst = state(o);
    });
    if (worst != State::number) {
      s = worst;
      return;
    }
    try {
      compute(n, z, s);
    } catch (const std::exception&) {  // the library's own way of saying overflow
      s = State::out_of_range;
    }
    if (s == State::number && !Arithmetic<Number>::usable(z)) s = State::out_of_range;
  }

  void take_branch(const Node& n, Number& z, State& s) {
    const std::int32_t* o = graph_.operands.data() + n.a;
    if (state(o[0]) != State::number || state(o[1]) != State::number) {
      s = state(o[0]) == State::number ? state(o[1]) : state(o[0]);
      if (infinite(o[0]) || infinite(o[1])) s = State::out_of_range;
      return;
    }
    const std::int32_t taken = value(o[0]) <= value(o[1]) ? o[2] : o[3];
    s = state(taken);
    z = value(taken);
  }

  static State infinity_of(int sign) { return sign > 0 ? State::plus_infinity : State::minus_infinity; }

  void compute(const Node& n, Number& z, State& s) {
    using A = Arithmetic<Number>;
    const bool any_infinite =
        !is_leaf(n.op) && !is_nary(n.op) && (infinite(n.a) || (n.b >= 0 && infinite(n.b)));
    if (any_infinite) {
      compute_infinite(n, z, s);
      return;
    }
    switch (n.op) {
      case Op::whole:
        z = n.whole;
        break;
      case Op::number:
        if (n.number != n.number)
          s = State::nan;
        else
          z = A::exact(n.number);
        break;
      case Op::stand_in:
        s = State::out_of_range;
        break;
      case Op::pi:
        z = A::pi();
        break;
      case Op::add:
        z = sum(value(n.a), value(n.b));
        break;
      case Op::sub:
        z = sum(value(n.a), Number(-value(n.b)));
        break;
      case Op::mul:
      case Op::weigh:
      case Op::chain:
        z = value(n.a) * value(n.b);
        break;
      case Op::div:
        if (!zero(n.b))
          z = value(n.a) / value(n.b);
        else
          s = zero(n.a) ? State::nan : infinity_of(sign(n.a));
        break;
      case Op::unit:
      case Op::normal:
        z = zero(n.b) ? Number(0) : Number(value(n.a) / value(n.b));
        break;
      case Op::overlap:
        z = zero(n.b) ? Number(1) : Number(value(n.a) / value(n.b));
        break;
      case Op::mean:
        if (zero(n.b))
          s = State::nan;
        else
          z = value(n.a) / value(n.b);
        break;
      case Op::mean_slope:
      case Op::normal_slope:
        if (zero(n.a))
          s = State::nan;
        else
          z = 1 / value(n.a);
        break;
      case Op::neg:
        z = -value(n.a);
        break;
      case Op::stop_gradient:
        z = value(n.a);
        break;
      case Op::exp:
        z = A::exp(value(n.a));
        break;
      case Op::log:
        if (zero(n.a))
          s = State::minus_infinity;
        else
          z = A::log(value(n.a));
        break;
      case Op::sqrt:
        z = A::sqrt(value(n.a));
        break;
      case Op::cosh:
        z = (A::exp(value(n.a)) + A::exp(Number(-value(n.a)))) / 2;
        break;
      case Op::sinh:
        z = A::sinh(value(n.a));
        break;
      case Op::cos:
        z = A::cos(value(n.a));
        break;
      case Op::sin:
        z = A::sin(value(n.a));
        break;
      case Op::abs:
        z = abs(value(n.a));
        break;
      case Op::sign:
        z = sign(n.a);
        break;
      case Op::positive:
        z = sign(n.a) > 0 ? value(n.a) : Number(0);
        break;
      case Op::step:
        z = sign(n.a) > 0 ? 1 : 0;
        break;
      case Op::maximum:
        maximum(n, z, s);
        break;
      case Op::share:
        share(n, z);
        break;
      case Op::norm: {
        Number total = 0;
        for (std::int32_t k = 0; k < n.b; ++k) {
          const Number& x = value(graph_.operands[static_cast<std::size_t>(n.a + k)]);
          total += x * x;
        }
        z = A::sqrt(total);
        break;
      }
      case Op::power:
        if (zero(n.b))
          z = 1;
        else if (!zero(n.a))
          z = A::exp(Number(value(n.b) * A::log(value(n.a))));
        else if (sign(n.b) > 0)
          z = 0;
        else
          s = State::plus_infinity;
        break;
      case Op::xlogy:
        if (zero(n.b))
          s = infinity_of(-sign(n.a));
        else
          z = value(n.a) * A::log(value(n.b));
        break;
      case Op::divergence:
      case Op::log_ratio:
        if (zero(n.b)) {
          s = State::plus_infinity;
        } else if (zero(n.a)) {
          s = State::minus_infinity;
        } else {
          z = A::log(Number(value(n.a) / value(n.b)));
          if (n.op == Op::divergence) z *= value(n.a);
        }
        break;
      case Op::where:
        break;
    }
  }

  void compute_infinite(const Node& n, Number& z, State& s) {
    s = State::nan;
    switch (n.op) {
      case Op::add:
      case Op::sub: {
        const int flip = n.op == Op::sub ? -1 : 1;
        if (!infinite(n.b))
          s = state(n.a);
        else if (!infinite(n.a) || sign(n.a) == flip * sign(n.b))
          s = infinity_of(flip * sign(n.b));
        break;
      }
      case Op::mul:
      case Op::weigh:
      case Op::chain:
        if (sign(n.a) * sign(n.b) != 0) s = infinity_of(sign(n.a) * sign(n.b));
        break;
      case Op::div:
      case Op::mean:
      case Op::normal:
      case Op::unit:
        if (!infinite(n.a)) {
          s = State::number;
          z = 0;
        } else if (!infinite(n.b)) {
          s = infinity_of(sign(n.b) < 0 ? -sign(n.a) : sign(n.a));
        }
        break;
      case Op::neg:
        s = infinity_of(-sign(n.a));
        break;
      case Op::stop_gradient:
        s = state(n.a);
        break;
      case Op::abs:
        s = State::plus_infinity;
        break;
      default:
        s = State::out_of_range;
        break;
    }
  }

  void maximum(const Node& n, Number& z, State& s) {
    bool some = false;
    for (std::int32_t k = 0; k < n.b; ++k) {
      const std::int32_t o = graph_.operands[static_cast<std::size_t>(n.a + k)];
      if (state(o) == State::plus_infinity) {
        s = State::plus_infinity;
        return;
      }
      if (infinite(o)) continue;
      if (!some || value(o) > z) z = value(o);
      some = true;
    }
    if (!some) s = State::minus_infinity;
  }

  void share(const Node& n, Number& z) {
    const Node& top = graph_.nodes[static_cast<std::size_t>(n.a)];
    const Number& self = value(graph_.operands[static_cast<std::size_t>(top.a + n.whole)]);
    int ties = 0;
    for (std::int32_t k = 0; k < top.b; ++k)
      ties += sum(value(graph_.operands[static_cast<std::size_t>(top.a + k)]), Number(-value(n.a))) == 0;
    z = sum(self, Number(-value(n.a))) == 0 ? Number(Number(1) / ties) : Number(0);
  }

  const Graph& graph_;
  std::vector<Number> values_;
  std::vector<State> states_;
};

}  // namespace assay::reference
