// f32 functions of one number, swept over all of them: each result against an oracle in double, and where
// that is too near the middle between two floats to tell, against Arb.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <span>
#include <string>

#include "reference/numbers/arb.hpp"

namespace assay::tests {

/// A loss of one number, its other inputs fixed, or its slope by that number.
struct Unary {
  const char* name;
  void (*kernel)(std::span<const float> x, std::span<float> y);
  /// From the C library's functions and nothing of losses/.
  struct Oracle {
    double value;
    double error = 0x1p-50;  ///< at most, relative; 0 for a sum or a product that double holds
  };
  Oracle (*oracle)(double x);
  void (*truth)(reference::Ball& y, const reference::Ball& x, long bits);
  std::uint32_t first = 0, last = 0xffffffff;  ///< the bit patterns of the numbers that it is about
  /// The least share of correctly rounded results. Less for x/4 - x^3/48 + ...: where x/4 is the middle
  /// between two subnormals, the rest tells, of which double knows nothing.
  double share = .9998;
};

std::span<const Unary> unaries();
/// How GoogleTest calls one.
void PrintTo(const Unary& f, std::ostream* out);

struct Swept {
  std::uint64_t inputs = 0;
  std::uint64_t misrounded = 0;
  std::uint64_t by_arb = 0;
  std::uint64_t undecided = 0;  ///< ties that no precision decides; both neighbours pass
  std::uint64_t wrong = 0;      ///< NaN for a number, a number for NaN, infinite for finite
  double worst = .5;            ///< ulp, of what is misrounded
  float at = 0;                 ///< where that is

  [[nodiscard]] double share() const {
    return 1 - static_cast<double>(misrounded) / static_cast<double>(inputs);
  }
  /// "sigmoid: 4294967296 inputs, worst .50002 ulp at 0x1p-3, 99.9998 % correctly rounded, 93 by Arb"
  [[nodiscard]] std::string text(const std::string& name) const;
};

/// Every `stride`-th number; `progress` hears of the inputs done and of all, now and then.
Swept sweep(const Unary& f, std::uint32_t stride,
            const std::function<void(std::uint64_t done, std::uint64_t all)>& progress = {});

/// How far the oracle is off at x, as a share of the error that it owns up to.
double oracle_error(const Unary& f, float x);

}  // namespace assay::tests
