// What a node is at each number of a block: balls in binary64, or, where those would leave binary64's range,
// powers of e whose exponents lie in balls: e^1000 in log(1 + e^1000).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "reference/engines/block_ball.hpp"

namespace assay::reference {

/// How many numbers at once: few enough that all nodes of a small graph stay in the first caches.
inline constexpr std::size_t block_size = 256;

struct BlockNumbers {
  bool powers = false;  ///< of e, each times `factor`
  double factor = 1;    ///< a power of two or the opposite of one
  alignas(64) std::array<double, block_size> middle, radius;

  [[nodiscard]] DoubleBall operator[](std::size_t i) const { return {middle[i], radius[i]}; }
  void set(std::size_t i, DoubleBall b) {
    middle[i] = b.mid;
    radius[i] = b.rad;
  }
  /// ball(i) at each.
  template <class F>
  void fill(F&& ball) {
    powers = false;
    for (std::size_t i = 0; i < block_size; ++i) set(i, ball(i));
  }
  template <class F>
  [[nodiscard]] bool all(F&& holds) const {
    bool result = true;
    for (std::size_t i = 0; i < block_size; ++i) result &= holds((*this)[i]);
    return result;
  }
  [[nodiscard]] double most() const {
    double result = 0;
    for (std::size_t i = 0; i < block_size; ++i)
      result = std::max(result, radius[i] <= 1 ? std::fabs(middle[i]) : 0);
    return result;
  }
  [[nodiscard]] bool zero() const {
    return !powers && all([](DoubleBall b) { return b.zero(); });
  }
};

namespace block_numbers {

/// Below, products of a few powers stay in binary64's range, and all that a narrower dtype can tell apart
/// lies there: e^150 is beyond 2^216.
inline constexpr double most_exponent = 150;
/// Beside a power above this one, numbers of a plain size do not count: e^-100 is below 2^-144.
inline constexpr double large_exponent = 100;

[[nodiscard]] inline bool large(const BlockNumbers& n) {
  return n.powers && n.all([](DoubleBall t) { return t.mid - t.rad > large_exponent; });
}

/// The numbers as balls: `n` itself, or `spare` with its powers computed, lost where they are beyond e^700.
inline const BlockNumbers& plain(const BlockNumbers& n, BlockNumbers& spare) {
  if (!n.powers) return n;
  spare.fill([&](std::size_t i) {
    const DoubleBall power = block_ball::small_or_exp(n[i]);
    return DoubleBall{n.factor * power.mid, std::fabs(n.factor) * power.rad};
  });
  return spare;
}

/// The exponent at i of e^t of one sign, the factor's size among it.
inline DoubleBall exponent(const BlockNumbers& n, std::size_t i) {
  const double size = std::fabs(n.factor);
  return size == 1 ? n[i] : double_ball::add(n[i], double_ball::log({size, 0}));
}

/// The numbers as powers of e: `n` itself, or `spare`; null where they are not of one sign.
inline const BlockNumbers* as_powers(const BlockNumbers& n, BlockNumbers& spare) {
  if (n.powers) return &n;
  spare.factor = n.middle[0] > 0 ? 1 : -1;
  bool one_sign = true;
  for (std::size_t i = 0; i < block_size; ++i) {
    const DoubleBall size{spare.factor * n.middle[i], n.radius[i]};
    one_sign &= size.positive() || !size.known();
    spare.set(i, double_ball::log(size));
  }
  spare.powers = true;
  return one_sign ? &spare : nullptr;
}

}  // namespace block_numbers
}  // namespace assay::reference
