// What an operation is given to compute its result in another library's numbers, one number a node and no
// enclosure: Operation<...>::point and ::point_edge.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "reference/graph/real.hpp"

namespace assay::reference {

enum class PointState : std::uint8_t { number, plus_infinity, minus_infinity, nan, out_of_range };

/// Which functions a number type has, and how it is compared and written. Specialised beside each type.
template <class Number>
struct Arithmetic;

/// One node, none of whose operands is lost. It is the number `z` unless the operation sets `state`.
template <class Number>
struct PointStep {
  using Functions = Arithmetic<Number>;

  const Graph& graph;
  const Node& n;
  std::span<const Number> values;
  std::span<const PointState> states;
  Number& z;
  PointState& state;

  [[nodiscard]] const Number& value(std::int32_t i) const { return values[static_cast<std::size_t>(i)]; }
  [[nodiscard]] const Number& a() const { return value(n.a); }
  [[nodiscard]] const Number& b() const { return value(n.b); }
  [[nodiscard]] std::int32_t operand(std::int32_t k) const {
    return graph.operands[static_cast<std::size_t>(n.a + k)];
  }
  [[nodiscard]] PointState state_of(std::int32_t i) const { return states[static_cast<std::size_t>(i)]; }
  [[nodiscard]] bool infinite(std::int32_t i) const {
    return state_of(i) == PointState::plus_infinity || state_of(i) == PointState::minus_infinity;
  }
  [[nodiscard]] bool zero(std::int32_t i) const { return state_of(i) == PointState::number && value(i) == 0; }
  [[nodiscard]] int sign(std::int32_t i) const {
    if (infinite(i)) return state_of(i) == PointState::plus_infinity ? 1 : -1;
    return value(i) > 0 ? 1 : value(i) < 0 ? -1 : 0;
  }

  /// A difference that is all rounding error is 0: points have no other way of seeing it.
  [[nodiscard]] static Number sum(const Number& x, const Number& y) {
    const Number s = x + y;
    const Number size = abs(x) > abs(y) ? Number(abs(x)) : Number(abs(y));
    return abs(s) <= size * Functions::noise() ? Number(0) : s;
  }
  [[nodiscard]] static PointState infinity_of(int sign) {
    return sign > 0 ? PointState::plus_infinity : PointState::minus_infinity;
  }
  void becomes_product_at_edge() const {
    const int signs = sign(n.a) * sign(n.b);
    state = signs == 0 ? PointState::nan : infinity_of(signs);
  }
  void becomes_quotient_at_edge() const {
    if (!infinite(n.a))
      z = 0;
    else
      state = infinite(n.b) ? PointState::nan : infinity_of(sign(n.b) < 0 ? -sign(n.a) : sign(n.a));
  }
};

}  // namespace assay::reference
