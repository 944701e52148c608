// One evaluation of a loss: every input as a view, what is wanted, and where it goes. The typed sugar and the
// named binding of the tools both fill this; every kernel reads it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "losses/spec/record.hpp"

namespace assay {

/// A dense row-major input. `extent` is Axes::folded of its shape: {n, 1, 1} of ".", {rows, C, 1} of ".C",
/// {C, 1, 1} of "C", {M, D, 1} of "MD", {S, U, D} of "SUD".
template <class T>
struct Argument {
  const T* real = nullptr;
  const std::int64_t* integer = nullptr;
  std::array<std::int64_t, 3> extent{1, 1, 1};

  [[nodiscard]] bool present() const { return real != nullptr || integer != nullptr; }
};

/// `inputs` and `gradient` are positional, in the order of the record. Null means: not given, not wanted.
/// `cotangent` has the value's shape; null stands for ones. Gradients are overwritten, never added to.
template <class T>
struct Call {
  std::array<Argument<T>, max_inputs> inputs{};
  Reduction reduction = Reduction::mean;
  const T* cotangent = nullptr;
  int threads = 1;  ///< how many evaluate may use, the caller's included; the same bits whatever it is
  T* value = nullptr;
  std::array<T*, max_inputs> gradient{};
  std::span<std::byte> workspace{};  ///< at least workspace_bytes(loss, call), aligned for double
};

/// Bytes of scratch that `evaluate` needs for this call; 0 for most losses.
template <class Loss, class T>
std::size_t workspace_bytes(const Loss& loss, const Call<T>& call);

/// Value and vector-Jacobian products in one pass. Every kernel's file has its own, by ASSAY_KERNEL.
/// Thread-safe, allocates nothing, throws nothing. Parameters are rounded to T first.
template <class Loss, class T>
void evaluate(const Loss& loss, const Call<T>& call);

}  // namespace assay
