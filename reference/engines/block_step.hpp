// What an operation is given to compute a whole block, and what several operations do alike.
#pragma once

#include <cstdint>
#include <span>

#include "reference/engines/block_numbers.hpp"
#include "reference/graph/real.hpp"

namespace assay::reference {

/// One node that the block's numbers reach.
struct BlockStep {
  const Graph& graph;
  const Node& n;
  std::span<const std::int32_t> slots;  ///< of each node, its place among the numbers
  std::span<BlockNumbers> numbers;
  BlockNumbers& z;
  std::span<BlockNumbers, 2> spare;

  [[nodiscard]] const BlockNumbers& at(std::int32_t node) const {
    return numbers[static_cast<std::size_t>(slots[static_cast<std::size_t>(node)])];
  }
  [[nodiscard]] const BlockNumbers& a() const { return at(n.a); }
  [[nodiscard]] const BlockNumbers& b() const { return at(n.b); }
  [[nodiscard]] std::int32_t operand(std::int32_t k) const {
    return graph.operands[static_cast<std::size_t>(n.a + k)];
  }
  [[nodiscard]] const Node& node(std::int32_t i) const { return graph.nodes[static_cast<std::size_t>(i)]; }

  /// z = f(a), z = f(a, b), ball by ball.
  template <class F>
  void map(F f) const {
    const BlockNumbers& x = block_numbers::plain(a(), spare[0]);
    z.fill([&](std::size_t i) { return f(x[i]); });
  }
  template <class F>
  void map_two(F f) const {
    const BlockNumbers &x = block_numbers::plain(a(), spare[0]), &y = block_numbers::plain(b(), spare[1]);
    z.fill([&](std::size_t i) { return f(x[i], y[i]); });
  }
  void becomes_whole(double x) const {
    z.fill([&](std::size_t) { return block_ball::exactly(x); });
  }
  void becomes_lost() const {
    z.fill([](std::size_t) { return DoubleBall::unknown(); });
  }
  /// Powers of e, exponent(i) at each, times a factor.
  template <class F>
  void becomes_powers(double factor, F&& exponent) const {
    z.fill(exponent);
    z.powers = true;
    z.factor = factor;
  }
};

namespace block_ops {

/// What no block ever computes: the engine sets leaves.
struct Given {
  static void enclose(const BlockStep& s) { s.becomes_lost(); }
};

/// a + sign b. Beside e^t, t > 100, b adds at most b e^-100 to it; log(1 + e) is at most 2 |e| from 0.
inline void add(const BlockStep& s, double sign) {
  const BlockNumbers &a = s.a(), &b = s.b();
  const bool a_large = block_numbers::large(a), b_large = block_numbers::large(b);
  if (!a_large && !b_large) {
    if (sign > 0)
      s.map_two([](DoubleBall x, DoubleBall y) { return double_ball::add(x, y); });
    else
      s.map_two([](DoubleBall x, DoubleBall y) { return double_ball::sub(x, y); });
  } else if (a_large && b_large) {
    if (a.factor * b.factor * sign < 0) return s.becomes_lost();
    s.becomes_powers(a.factor > 0 ? 1 : -1, [&](std::size_t i) {
      const DoubleBall x = block_numbers::exponent(a, i), y = block_numbers::exponent(b, i);
      const double more = std::log1p(std::exp(-std::fabs(x.mid - y.mid)));
      const DoubleBall most = double_ball::maximum(x, y);
      return double_ball::add(most, {more, 0x1p-45});
    });
  } else {
    const BlockNumbers& big = a_large ? a : b;
    const BlockNumbers& other = block_numbers::plain(a_large ? b : a, s.spare[0]);
    s.becomes_powers(a_large ? a.factor : sign * b.factor, [&](std::size_t i) {
      const double share = (std::fabs(other.middle[i]) + other.radius[i]) * 0x1p-144 / std::fabs(big.factor);
      return share <= .5 ? double_ball::settled(big.middle[i], double_ball::above(big.radius[i] + 2 * share))
                         : DoubleBall::unknown();
    });
  }
}

/// A product or, with `below`, a quotient of which one side is a power of e: exponents add.
inline void combine(const BlockStep& s, bool below) {
  const BlockNumbers &a = s.a(), &b = s.b();
  if (a.zero() && b.powers) return s.becomes_whole(0);
  if (b.zero() && !below) return s.becomes_whole(0);
  const BlockNumbers* x = block_numbers::as_powers(a, s.spare[0]);
  const BlockNumbers* y = block_numbers::as_powers(b, s.spare[1]);
  if (!x || !y) return s.becomes_lost();
  s.becomes_powers(below ? x->factor / y->factor : x->factor * y->factor, [&](std::size_t i) {
    return below ? double_ball::sub((*x)[i], (*y)[i]) : double_ball::add((*x)[i], (*y)[i]);
  });
}
inline void multiply(const BlockStep& s) {
  if (s.a().powers || s.b().powers)
    combine(s, false);
  else
    s.map_two([](DoubleBall a, DoubleBall b) { return double_ball::mul(a, b); });
}
inline void divide(const BlockStep& s) {
  if (s.a().powers || s.b().powers)
    combine(s, true);
  else
    s.map_two([](DoubleBall a, DoubleBall b) { return double_ball::div(a, b); });
}
inline void invert(const BlockStep& s) {
  s.map([](DoubleBall a) { return double_ball::div(block_ball::exactly(1), a); });
}

/// A product that an operand of exactly 0 drops.
template <bool by_either>
struct DroppingProduct {
  static void enclose(const BlockStep& s) {
    const BlockNumbers &a = s.a(), &b = s.b();
    if (a.zero() || (by_either && b.zero())) return s.becomes_whole(0);
    multiply(s);
    if (s.z.powers) return;
    if (!a.powers) drop(s.z, a);
    if (by_either && !b.powers) drop(s.z, b);
  }
  static void drop(BlockNumbers& z, const BlockNumbers& by) {
    z.fill([&](std::size_t i) { return block_ball::dropped_by_first(by[i], z[i]); });
  }
};

/// The same of a and -a but for the sign: powers only change that of their factor.
template <class F>
void with_factor(const BlockStep& s, double factor, F f) {
  const BlockNumbers& a = s.a();
  if (a.powers)
    s.becomes_powers(factor, [&](std::size_t i) { return a[i]; });
  else
    s.z.fill([&](std::size_t i) { return f(a[i]); });
}

/// cosh y or |sinh y| = e^|y| (1 +- e^-2|y|) / 2, y beyond 100 everywhere and of one sign.
inline void half_power(const BlockStep& s, bool odd) {
  const BlockNumbers& y = s.a();
  const double sign = y.middle[0] > 0 ? 1 : -1;
  if (!y.all([&](DoubleBall b) { return sign * b.mid - b.rad > block_numbers::large_exponent; }))
    return s.becomes_lost();
  s.becomes_powers(odd ? sign / 2 : .5, [&](std::size_t i) {
    return DoubleBall{std::fabs(y.middle[i]), double_ball::above(y.radius[i] + 0x1p-200)};
  });
}

}  // namespace block_ops

}  // namespace assay::reference
