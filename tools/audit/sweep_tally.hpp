// What a sweep has found so far: counts, and the worst error in each binade of the input. Tallies of
// different numbers merge in any order to the same.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "reference/truth/sweep.hpp"
#include "tools/judge/judge.hpp"

namespace assay::audit {

struct SweepTally {
  /// The worst input of a binade: the greatest error in millionths (2^-20) of an ulp, and of equal ones the
  /// least bit pattern.
  struct Worst {
    double error = -1;  ///< whole; infinity where the answer is not comparable
    std::uint64_t pattern = 0;
    double got = 0;

    [[nodiscard]] bool yields_to(const Worst& other) const {
      return error != other.error ? error < other.error : pattern > other.pattern;
    }
  };

  std::uint64_t inputs = 0, correctly_rounded = 0, faithful = 0, beyond = 0;
  std::uint64_t undecided = 0;   ///< among the correctly rounded: no precision told what is true there
  std::uint64_t unanswered = 0;  ///< not among the inputs: skipped, an error, lost
  /// By sign and exponent of the input: its bit pattern without the digits.
  std::map<std::uint64_t, Worst> worst;

  void add(const SweepTally& other);
};

/// Judges answers about x, of which the sweep was just asked what is true, and counts them; the gradient's or
/// the value's.
void count(SweepTally& tally, const reference::Sweep& sweep, bool gradient, Dtype dtype,
           std::span<const double> x, std::span<const double> got);

}  // namespace assay::audit
