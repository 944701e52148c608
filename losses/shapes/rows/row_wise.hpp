// Row-wise losses without lanes: the walk over the rows, the reductions and their divisor, the cotangents,
// and tallies for inputs that all rows share. A kernel's file is left with the mathematics of one row:
//
//   #include "losses/shapes/rows/row_wise.hpp"
//
//   namespace assay {
//   template <class T>
//   class Row<Nll, T> {                                     what row_wise::run takes
//     Row(const Nll&, const Call<T>&, row_wise::Scratch&);    or without scratch, where it needs none
//   };
//   }
//
//   ASSAY_KERNEL(Nll)
//
// How much scratch a row takes is counted by making one, or by a static take(call, scratch) where it has one.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>

#include "losses/call.hpp"
#include "losses/numbers/quad.hpp"
#include "losses/shapes/kernel.hpp"

namespace assay {

/// One row of a loss, in Wide: specialised in the kernel's file.
template <class Loss, class T>
class Row;
template <class Loss, class T>
concept HasRow = requires {
  sizeof(Row<Loss, T>);
};

}  // namespace assay

namespace assay::row_wise {

template <class W>
W not_a_number() {
  return W(std::numeric_limits<double>::quiet_NaN());
}
template <class W>
W infinite() {
  return W(infinity);
}

/// A Quad as the number that kernels of this dtype compute in.
template <class T>
Wide<T> wide_of(const Quad& x) {
  if constexpr (std::is_same_v<Wide<T>, Quad>)
    return x;
  else
    return narrow<double>(x);
}

/// Row i of an input whose axes are ".C".
template <class T>
std::span<const T> row(const Argument<T>& a, std::int64_t i) {
  return {a.real + i * a.extent[1], static_cast<std::size_t>(a.extent[1])};
}
/// Where the gradient of row i goes; empty when it is not wanted.
template <class T>
std::span<T> gradient_row(const Call<T>& call, std::size_t input, std::int64_t i) {
  if (call.gradient[input] == nullptr) return {};
  const std::int64_t width = call.inputs[input].extent[1];
  return {call.gradient[input] + i * width, static_cast<std::size_t>(width)};
}

/// A sum that fits in scratch memory, one for each number of a shared input. The error of adding n terms is
/// below 2^-100 of the sum of their absolute values for float, (1024 + n/1024) 2^-104 for double.
template <class W>
class Tally;
template <>
class Tally<double> : public Sum<double> {};
template <>
class Tally<Quad> {
 public:
  void add(const Quad& x) {
    run_ += x;
    if (++count_ % 1024 != 0) return;
    total_ += run_;
    run_ = Quad();
  }
  [[nodiscard]] Quad total() const { return total_ + run_; }

 private:
  Quad run_, total_;
  std::int64_t count_ = 0;
};

/// Hands out the caller's workspace in arrays. Without a buffer it only counts, which is how workspace_bytes
/// stays in step with what a kernel takes.
class Scratch {
 public:
  Scratch() = default;
  explicit Scratch(std::span<std::byte> buffer) : at_(buffer.data()) {}

  template <class V>
  std::span<V> take(std::int64_t count) {
    static_assert(alignof(V) <= alignof(double) && sizeof(V) % alignof(double) == 0);
    const auto n = static_cast<std::size_t>(count);
    bytes_ += n * sizeof(V);
    if (at_ == nullptr) return {};
    V* const first = reinterpret_cast<V*>(at_);
    std::uninitialized_value_construct_n(first, n);
    at_ += n * sizeof(V);
    return {first, n};
  }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  std::byte* at_ = nullptr;
  std::size_t bytes_ = 0;
};

/// Where unreduced values go: each to its place, or into the sum that `finish` divides.
template <class T>
class Output {
 public:
  explicit Output(const Call<T>& call) : call_(call) {}

  void put(std::int64_t i, const Wide<T>& value) {
    if (call_.reduction == Reduction::none)
      call_.value[i] = narrow<T>(value);
    else
      sum_.add(value);
  }
  /// A value of which only a lower bound is known, in the limit of infinite inputs: a sum that is +inf
  /// without it, be it by rounding, is +inf; any other has no limit.
  void put_undetermined(std::int64_t i) {
    undetermined_ = true;
    if (call_.reduction == Reduction::none) call_.value[i] = std::numeric_limits<T>::quiet_NaN();
  }
  void finish(const Wide<T>& divisor) {
    const Wide<T> sum = sum_.total();
    const T value = narrow<T>(call_.reduction == Reduction::mean ? sum / divisor : sum);
    if (call_.reduction != Reduction::none)
      call_.value[0] = undetermined_ && !(value == std::numeric_limits<T>::infinity())
                           ? std::numeric_limits<T>::quiet_NaN()
                           : value;
  }

 private:
  const Call<T>& call_;
  Sum<Wide<T>> sum_;
  bool undetermined_ = false;
};

/// What the unreduced value i is multiplied by in the differentiated scalar, the mean's divisor included.
template <class T>
class Cotangent {
 public:
  Cotangent(const Call<T>& call, const Wide<T>& divisor) : call_(call), divisor_(divisor) {}

  /// Exactly 0: the term is dropped, whatever it is. A quotient cannot be asked, it may be 0 by underflow.
  [[nodiscard]] bool drops(std::int64_t i) const { return raw(i) == 0; }
  [[nodiscard]] Wide<T> operator()(std::int64_t i) const {
    return call_.reduction == Reduction::mean ? widen(raw(i)) / divisor_ : widen(raw(i));
  }
  [[nodiscard]] T raw(std::int64_t i) const {
    if (call_.cotangent == nullptr) return T{1};
    return call_.cotangent[call_.reduction == Reduction::none ? i : 0];
  }

 private:
  const Call<T>& call_;
  Wide<T> divisor_;
};

/// The mean over `count` values divides by it; over none the mean is 0/0.
template <class W>
W divisor_of(std::int64_t count) {
  return count == 0 ? not_a_number<W>() : W(static_cast<double>(count));
}

template <class T, class Kernel>
Wide<T> divisor_of(const Kernel& kernel, std::int64_t rows) {
  if constexpr (requires { kernel.mean_weight(std::int64_t{}); }) {
    Sum<Wide<T>> weights;
    for (std::int64_t i = 0; i < rows; ++i)
      if (kernel.kept(i)) weights.add(kernel.mean_weight(i));
    const Wide<T> total = weights.total();
    return total == Wide<T>(0) ? not_a_number<Wide<T>>() : total;
  } else {
    return divisor_of<Wide<T>>(rows);
  }
}

template <class T>
void clear_gradient(const Call<T>& call, std::size_t row_inputs, std::int64_t i) {
  for (std::size_t k = 0; k < row_inputs; ++k)
    for (T& each : gradient_row(call, k, i)) each = 0;
}

/// Evaluates a loss with one value a row. The kernel has
///   row_inputs           how many inputs, the first ones, have rows of their own; the others all rows share
///   Wide<T> value(i)     of row i
///   void adjoint(i, c)   c times the gradient of the row that `value` was just called for: written for the
///                        row's own inputs, tallied for the shared ones
/// and, where the loss needs them,
///   int64_t rows()       how many values there are; else as many as the first input has rows
///   void prepare()                         before the first row, what takes numbers and not shapes alone
///   bool kept(i), Wide<T> mean_weight(i)   rows that count, and what the mean divides by the sum of
///   bool undetermined()                    the value is some number not below 0, but has no limit
///   void finish(divisor, cotangent)        writes the gradients of shared inputs
template <class T, class Kernel>
void run(const Call<T>& call, Kernel&& kernel) {
  using K = std::remove_cvref_t<Kernel>;
  if constexpr (requires { kernel.prepare(); }) kernel.prepare();
  const std::int64_t rows = [&] {
    if constexpr (requires { kernel.rows(); })
      return kernel.rows();
    else
      return call.inputs[0].extent[0];
  }();
  const Wide<T> divisor = divisor_of<T>(kernel, rows);
  const Cotangent<T> cotangent(call, divisor);
  bool differentiate = false;
  for (const T* each : call.gradient) differentiate = differentiate || each != nullptr;

  Output<T> output(call);
  for (std::int64_t i = 0; i < rows; ++i) {
    if constexpr (requires { kernel.kept(i); }) {
      if (!kernel.kept(i)) {
        output.put(i, Wide<T>(0));
        clear_gradient(call, K::row_inputs, i);
        continue;
      }
    }
    const Wide<T> value = kernel.value(i);
    bool undetermined = false;
    if constexpr (requires { kernel.undetermined(); }) undetermined = kernel.undetermined();
    if (undetermined)
      output.put_undetermined(i);
    else
      output.put(i, value);
    if (!differentiate) continue;
    if (cotangent.drops(i))
      clear_gradient(call, K::row_inputs, i);
    else
      kernel.adjoint(i, cotangent(i));
  }
  output.finish(divisor);
  if constexpr (requires { kernel.finish(divisor, cotangent); }) kernel.finish(divisor, cotangent);
}

template <class Loss, class T>
inline constexpr bool takes_scratch =
    std::is_constructible_v<Row<Loss, T>, const Loss&, const Call<T>&, Scratch&>;

/// The row's kernel, which takes of the scratch what it needs.
template <class Loss, class T>
Row<Loss, T> row_of(const Loss& loss, const Call<T>& call, [[maybe_unused]] Scratch& scratch) {
  if constexpr (takes_scratch<Loss, T>)
    return Row<Loss, T>(loss, call, scratch);
  else
    return Row<Loss, T>(loss, call);
}

/// What that is, counted by one that is given none.
template <class Loss, class T>
std::size_t workspace(const Loss& loss, const Call<T>& call) {
  Scratch scratch;
  if constexpr (requires { Row<Loss, T>::take(call, scratch); })
    Row<Loss, T>::take(call, scratch);
  else if constexpr (takes_scratch<Loss, T>)
    const Row<Loss, T> counted(loss, call, scratch);
  return scratch.bytes();
}

template <class Loss, class T>
void compute(const Loss& loss, const Call<T>& call) {
  Scratch scratch(call.workspace);
  run(call, row_of(loss, call, scratch));
}

}  // namespace assay::row_wise

namespace assay {

template <class Loss, class T>
requires HasRow<Loss, T>
struct Kernel<Loss, T> {
  static std::size_t workspace_bytes(const Loss& loss, const Call<T>& call) {
    return row_wise::workspace(loss, call);
  }
  static void evaluate(const Loss& loss, const Call<T>& call) { row_wise::compute(loss, call); }
};

}  // namespace assay
