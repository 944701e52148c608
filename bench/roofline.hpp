// What the memory allows: loops that read and write as many bytes as a kernel does and compute next to
// nothing. No single loop is the fastest on every machine and at every size, so there are several, and the
// best of them is the roofline. Like the kernels they use the widest vectors that the machine has.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace assay::bench {

/// Whole vectors are read and written; what is left over at the end of a buffer is not.
struct Traffic {
  std::vector<std::span<const std::byte>> read;
  std::vector<std::span<std::byte>> written;

  [[nodiscard]] bool writes() const;  ///< more than a mean
};

/// Names of the loops for traffic that writes, or only reads: in which order, with how many accumulators,
/// ...; a loop's number is its place here.
std::span<const std::string_view> loops(bool writes);

/// The loop of that number, ready to run. What it writes is no number that means anything.
std::function<void()> loop_over(std::size_t loop, const Traffic& traffic);

/// The instruction set that the loops use, in Highway's words: "AVX2".
std::string_view instruction_set();

}  // namespace assay::bench
