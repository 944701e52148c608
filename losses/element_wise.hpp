// What every element-wise kernel shares: the loop, the reduction, the cotangent. A kernel file holds the
// mathematics of one element and nothing else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "losses/call.hpp"
#include "losses/wide.hpp"

namespace assay {

/// The value of one element and its derivative by each input, in the record's order. Derivatives by inputs
/// that are labels are never read.
template <class W, std::size_t Inputs>
struct Element {
  W value{};
  std::array<W, Inputs> slope{};
};

/// What an element outside its domain answers.
template <class W, std::size_t Inputs>
Element<W, Inputs> undefined() {
  const W nan = std::numeric_limits<double>::quiet_NaN();
  Element<W, Inputs> e{nan, {}};
  e.slope.fill(nan);
  return e;
}

/// A coefficient that is exactly 0 drops its term, NaN and infinity included.
template <class W>
W weigh(const W& coefficient, const W& term) {
  return coefficient == 0 ? W(0) : coefficient * term;
}

/// max(0, x), NaN where x is.
template <class W>
W positive_part(const W& x) {
  return x < 0 ? W(0) : x;
}

namespace detail {

/// Which inputs hold one number a column instead of one an element.
template <class Loss>
constexpr std::array<bool, max_inputs> shared_inputs() {
  std::array<bool, max_inputs> shared{};
  for (std::size_t k = 0; k < facts<Loss>.inputs.size(); ++k) shared[k] = facts<Loss>.inputs[k].axes != ".";
  return shared;
}

}  // namespace detail

/// The mathematics of one element; specialised in the kernel's file. It is made from the loss, whose
/// parameters it rounds to T, names the Number that it computes in, and maps the inputs (1 for an optional
/// one that is not given) to an Element, whose slopes it may leave out unless they are wanted.
template <class Loss, class T>
struct Formula;

template <class Loss, class T>
std::size_t workspace_bytes(const Loss&, const Call<T>&) {
  return 0;
}

/// Everything up to the result is computed in W and rounded once: the sum is compensated or pairwise
/// (wide.hpp), the mean is one division, a gradient is slope * cotangent / count. No product overflows W on
/// the way to a finite result: Quad cannot, and in double a slope of an f32 loss beyond 2^1024 stays beyond
/// 2^128 whatever an f32 cotangent (2^-149) and a count (2^63) make of it; one below 2^-1022 stays below
/// 2^-150 likewise.
///
/// The gradient of an input shared by the elements of a column sums over them: then the outer loop is over
/// columns, so that one sum is alive at a time and no workspace is needed. The error bound of the value does
/// not depend on the order.
template <class Loss, class T>
void evaluate(const Loss& loss, const Call<T>& call) {
  using W = typename Formula<Loss, T>::Number;
  const Formula<Loss, T> formula(loss);
  constexpr std::size_t inputs = facts<Loss>.inputs.size();
  constexpr std::array<bool, max_inputs> shared = detail::shared_inputs<Loss>();
  const auto count = static_cast<std::size_t>(call.inputs[0].extent[0]);
  const bool reduced = call.reduction != Reduction::none;
  const W divisor = call.reduction == Reduction::mean ? W(static_cast<double>(count)) : W(1);

  bool wanted = false, columns_wanted = false;
  std::size_t last_axis = 1;
  for (std::size_t k = 0; k < inputs; ++k) {
    wanted = wanted || call.gradient[k] != nullptr;
    if (!shared[k]) continue;
    columns_wanted = columns_wanted || call.gradient[k] != nullptr;
    if (call.inputs[k].present()) last_axis = static_cast<std::size_t>(call.inputs[k].extent[0]);
  }
  const std::size_t columns = columns_wanted ? last_axis : 1;

  Sum<W> sum;
  for (std::size_t column = 0; column < columns; ++column) {
    std::array<Sum<W>, inputs> column_gradient;
    for (std::size_t i = column; i < count; i += columns) {
      std::array<W, inputs> x;
      for (std::size_t k = 0; k < inputs; ++k)
        x[k] = call.inputs[k].present() ? W(call.inputs[k].real[shared[k] ? i % last_axis : i]) : W(1);
      const Element<W, inputs> element = formula(x, wanted);
      if (reduced) {
        sum.add(element.value);
      } else if (call.value != nullptr) {
        call.value[i] = narrow<T>(element.value);
      }
      if (!wanted) continue;
      const W cotangent = call.cotangent == nullptr ? W(1) : W(call.cotangent[reduced ? 0 : i]);
      for (std::size_t k = 0; k < inputs; ++k) {
        if (call.gradient[k] == nullptr) continue;
        const W product = weigh(cotangent, element.slope[k]);
        if (shared[k]) {
          column_gradient[k].add(product);
        } else {
          call.gradient[k][i] = facts<Loss>.inputs[k].differentiable() ? narrow<T>(product / divisor)
                                                                       : std::numeric_limits<T>::quiet_NaN();
        }
      }
    }
    for (std::size_t k = 0; k < inputs; ++k)
      if (shared[k] && call.gradient[k] != nullptr)
        call.gradient[k][column] = narrow<T>(column_gradient[k].total() / divisor);
  }
  if (reduced && call.value != nullptr) *call.value = narrow<T>(sum.total() / divisor);
}

}  // namespace assay
