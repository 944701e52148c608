// The building blocks of losses/lanes/ over arrays, on whichever target is asked for.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace assay::tests {

/// hi + lo: a Twin; a Real or an Exact has lo = 0.
struct Words {
  double hi = 0, lo = 0;
};

struct Block {
  std::string_view name;  ///< "Twin exp", "Twin * Exact"
  /// out[i] = f(a[i], b[i]), as many at a time as there are lanes. A block of one operand leaves b alone.
  void (*run)(std::span<const Words> a, std::span<const Words> b, std::span<Words> out);
};

/// The same names in the same order on every target.
std::span<const Block> blocks(std::int64_t target);

}  // namespace assay::tests
