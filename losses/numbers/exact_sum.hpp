// A sum of machine numbers that is exact until it is read.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "losses/numbers/quad.hpp"

namespace assay {

/// A fixed-point number as long as the range of binary64: 32 bits a limb, in words of 64 so that 2^30 numbers
/// carry nowhere before the sum is read. For sums that must not lose what cancellation leaves, where what is
/// left is itself only a direction: nothing bounds the error of that.
class ExactSum {
 public:
  void add(double x) {
    const auto bits = std::bit_cast<std::uint64_t>(x);
    const std::uint64_t fraction = bits & ((std::uint64_t{1} << 52) - 1);
    const auto biased = static_cast<int>(bits >> 52 & 0x7ff);
    if (biased == 0x7ff) {  // infinite or NaN
      special_ += x;
      return;
    }
    // x = +-significand 2^(exponent - 1074)
    const int exponent = std::max(biased, 1) - 1, shift = exponent % 32;
    const std::uint64_t significand = biased == 0 ? fraction : fraction | std::uint64_t{1} << 52;
    const std::uint64_t low = (significand & ones) << shift, high = (significand >> 32) << shift;
    const std::int64_t sign = x < 0 ? -1 : 1;
    const auto at = static_cast<std::size_t>(exponent / 32);
    limbs_[at] += sign * static_cast<std::int64_t>(low & ones);
    limbs_[at + 1] += sign * static_cast<std::int64_t>((low >> 32) + (high & ones));
    limbs_[at + 2] += sign * static_cast<std::int64_t>(high >> 32);
    first_ = std::min(first_, at);
    last_ = std::max(last_, at + 2);
  }

  /// Rounded to W: 0 only where it is 0.
  template <class W>
  [[nodiscard]] W total() const {
    if (special_ != 0) return W(special_);
    ExactSum carried = *this;
    const bool negative = carried.carry(1) < 0;
    if (negative) {
      carried = *this;
      carried.carry(-1);
    }
    W sum = 0;
    std::size_t top = carried.last_ + 1;
    while (top > carried.first_ && carried.limbs_[top - 1] == 0) --top;
    // The highest of five limbs may hold a single bit: 129 bits at least.
    for (std::size_t k = top, taken = 0; k-- > carried.first_ && taken < 5; ++taken)
      sum += ldexp(W(static_cast<double>(carried.limbs_[k])), 32 * static_cast<std::int64_t>(k) - 1074);
    return negative ? -sum : sum;
  }

 private:
  static constexpr std::uint64_t ones = 0xffffffff;
  static constexpr std::size_t size = 2046 / 32 + 5;

  /// Brings the limbs of `sign` times the number into [0, 2^32); what is left over tells its sign.
  std::int64_t carry(std::int64_t sign) {
    std::int64_t over = 0;
    last_ = std::max(first_, std::min(last_ + 2, size - 1));
    for (std::size_t k = first_; k <= last_; ++k) {
      const std::int64_t all = sign * limbs_[k] + over;
      over = all >> 32;
      limbs_[k] = all - over * (std::int64_t{1} << 32);
    }
    return over;
  }

  std::array<std::int64_t, size> limbs_{};  ///< limb k counts 2^(32 k - 1074)
  std::size_t first_ = size - 1, last_ = 0;
  double special_ = 0;
};

}  // namespace assay
