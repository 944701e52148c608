// Every random number of the house: a generator of our own over integers, so that the same seed means the
// same numbers on every machine, compiler and library. It stands with the cases, for which most are drawn,
// and is a header that needs nothing, so that tests and benchmarks which link no tools draw from it too.
#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

namespace assay {

/// SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014,
/// https://doi.org/10.1145/2660193.2660195): a counter and a mixing function, so that every seed is a good
/// one.
class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) : state_(seed) {}

  constexpr std::uint64_t bits() {
    state_ += 0x9e3779b97f4a7c15u;  // the odd integer nearest to 2^64 / golden ratio
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// Evenly in [0, n), 0 < n < 2^32: the high half of a 32 by 32 bit product. Its bias, below 2^-32 n, does
  /// not matter here.
  constexpr std::uint64_t below(std::uint64_t n) { return ((bits() >> 32) * n) >> 32; }
  /// True once in n times.
  constexpr bool once_in(std::uint64_t n) { return below(n) == 0; }

  /// In (0, 1), exactly.
  constexpr double unit() { return (static_cast<double>(bits() >> 12) + .5) * 0x1p-52; }
  /// In (-1, 1).
  constexpr double symmetric() { return 2 * unit() - 1; }
  /// Of either sign, its size between 2^low and 2^(high + 1), every exponent as often as any other.
  double spread(int low, int high) {
    const double significand = 1 + unit();
    const int exponent = low + static_cast<int>(bits() % static_cast<std::uint64_t>(high - low + 1));
    return std::ldexp(bits() % 2 == 0 ? significand : -significand, exponent);
  }

 private:
  std::uint64_t state_;
};

/// A seed of its own for each text: one more class of cases leaves the others as they were.
constexpr std::uint64_t seed_for(std::uint64_t seed, std::string_view text) {
  // FNV-1a over the text, started at the mixed seed, mixed again by one step of the generator.
  std::uint64_t hash = Random(seed).bits() ^ 0xcbf29ce484222325u;
  for (const char each : text) hash = (hash ^ static_cast<unsigned char>(each)) * 0x100000001b3u;
  return Random(hash).bits();
}

}  // namespace assay
