// Bits for generated cases: a generator of our own over integers, so that the same seed means the same case
// on every machine, compiler and library.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay {

/// SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014,
/// https://doi.org/10.1145/2660193.2660195): a counter and a mixing function, so that every seed is a good
/// one.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits();
  /// Evenly in [0, n), 0 < n < 2^32.
  std::uint64_t below(std::uint64_t n);
  /// True once in n times.
  bool once_in(std::uint64_t n) { return below(n) == 0; }

 private:
  std::uint64_t state_;
};

/// A seed of its own for each text: one more class of cases leaves the others as they were.
std::uint64_t seed_for(std::uint64_t seed, std::string_view text);

}  // namespace assay
