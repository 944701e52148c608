// Opt-in threads with the same bits: work is cut into segments that depend on its size alone, each segment's
// result has a place of its own, and results are joined in the order of the segments.
#pragma once

#include <cstddef>

#include "losses/shapes/function_ref.hpp"

namespace assay::detail {

/// Runs job(segment) once for every segment below `segments`, on at most `threads` threads, the caller's
/// included. Where the system gives no more threads, the caller does the work of those that are missing.
void for_each_segment(int threads, std::size_t segments, FunctionRef<void(std::size_t)> job) noexcept;

}  // namespace assay::detail
