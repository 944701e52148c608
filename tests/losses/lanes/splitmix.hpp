// Pseudo-random numbers, the same on every machine: Steele, Lea and Flood, Fast splittable pseudorandom
// number generators, https://doi.org/10.1145/2660193.2660195
#pragma once

#include <cmath>
#include <cstdint>

namespace assay::tests {

class Splitmix {
 public:
  explicit Splitmix(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  /// In (0, 1).
  double unit() { return (static_cast<double>(next() >> 12) + .5) * 0x1p-52; }
  /// In (-1, 1).
  double symmetric() { return 2 * unit() - 1; }
  /// Of either sign, with an exponent from `low` to `high`.
  double spread(int low, int high) {
    const double mantissa = 1 + unit();
    const int exponent = low + static_cast<int>(next() % static_cast<std::uint64_t>(high - low + 1));
    return std::ldexp(next() % 2 == 0 ? mantissa : -mantissa, exponent);
  }

 private:
  std::uint64_t state_;
};

}  // namespace assay::tests
