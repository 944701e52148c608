// The end of every element-wise sum: segments, cut by the count alone, joined in order and rounded once.
#pragma once

#include <cstddef>

#include "losses/call.hpp"
#include "losses/numbers/quad.hpp"
#include "losses/shapes/function_ref.hpp"

namespace assay {

/// A sum under way: of what came from lanes, with the absolute values behind it where they may cancel, and of
/// what was computed in Quad.
struct ElementWiseSum {
  detail::Pair lanes;
  double size = 0;
  Quad slow;

  void add(const detail::Pair& chunk, double chunk_size) {
    lanes = detail::add(lanes, chunk);
    size += chunk_size;
  }
};

/// The sum over the elements from `begin` to `end`, whose gradients and unreduced values are written on the
/// way.
using ElementWiseJob = FunctionRef<ElementWiseSum(std::size_t begin, std::size_t end)>;

/// Runs `job` over all segments, on the threads that the call allows, and writes the value of a reduced call.
///
/// False where terms have cancelled so far that what lanes know of them, 2^-73 of each for f64 and 2^-50 for
/// f32, no longer gives the result to 2^-54 and 2^-36 of itself.
template <class T>
bool sum_of_segments(const Call<T>& call, std::size_t count, ElementWiseJob job);

}  // namespace assay
