// Row-wise losses in lanes: what lanes and the rows that they leave to Row agree on, and the end of every
// sum.
#pragma once

#include <cstddef>
#include <cstdint>

#include "losses/shapes/function_ref.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// A row that lanes do not vouch for, computed without them: its gradient and its unreduced value are
/// written. A value that is not finite, or of which only a bound is known, leaves the reduction to
/// row_wise::run.
struct SlowRow {
  Quad value;
  bool summable = true;
};

/// A call whose rows do not depend on each other.
template <class T>
struct RowPlan {
  const Call<T>& call;
  FunctionRef<SlowRow(const RowPlan&, std::int64_t row)> slow;
  std::int64_t rows = call.inputs[0].extent[0], width = call.inputs[0].extent[1];
  Quad divisor{1};         ///< of the mean
  detail::Pair common{1};  ///< the cotangent of a reduced call over the divisor

  /// What the gradient of a row is multiplied with.
  [[nodiscard]] detail::Pair scale(std::size_t row) const {
    if (call.reduction != Reduction::none) return common;
    return {call.cotangent == nullptr ? 1 : static_cast<double>(call.cotangent[row]), 0};
  }
};

/// A sum over rows: of what came from lanes, the absolute values behind it where they may cancel, and the
/// rest.
struct RowSums {
  detail::Pair lanes;
  double size = 0;
  Quad slow;
  bool summable = true;
};

/// The sum over the rows from `begin` to `end`, whose gradients and unreduced values are written on the way.
using RowJob = FunctionRef<RowSums(std::size_t begin, std::size_t end)>;

/// Runs `job` over all rows, on the threads that the call allows, and writes the value of a reduced call.
/// False where the sum does not stand: rows without a limit, infinite ones, or terms that have cancelled too
/// far.
template <class T>
bool sum_of_rows(const RowPlan<T>& plan, RowJob job);

/// The plan of a call; false where lanes have nothing to offer: no rows, no numbers in them, a divisor or
/// cotangent out of the ordinary.
template <class T>
bool set_divisor(RowPlan<T>& plan, const Quad& divisor);

/// Row i by the kernel that `row_wise::run` takes.
template <class T, class Kernel>
SlowRow slow_row(const RowPlan<T>& plan, Kernel&& kernel, std::int64_t i) {
  using K = std::remove_cvref_t<Kernel>;
  using W = Wide<T>;
  const Call<T>& call = plan.call;
  const bool unreduced = call.reduction == Reduction::none && call.value != nullptr;
  if constexpr (requires { kernel.kept(i); }) {
    if (!kernel.kept(i)) {
      if (unreduced) call.value[i] = 0;
      row_wise::clear_gradient(call, K::row_inputs, i);
      return {};
    }
  }
  const W value = kernel.value(i);
  bool undetermined = false;
  if constexpr (requires { kernel.undetermined(); }) undetermined = kernel.undetermined();
  if (unreduced) call.value[i] = undetermined ? std::numeric_limits<T>::quiet_NaN() : narrow<T>(value);
  const row_wise::Cotangent<T> cotangent(call, row_wise::wide_of<T>(plan.divisor));
  bool differentiate = false;
  for (const T* each : call.gradient) differentiate = differentiate || each != nullptr;
  if (differentiate && cotangent.drops(i))
    row_wise::clear_gradient(call, K::row_inputs, i);
  else if (differentiate)
    kernel.adjoint(i, cotangent(i));
  return {Quad(value), is_finite(value) && !undetermined};
}

/// Row i by itself. Lanes are asked for nothing that rows tally, so that it takes no scratch.
template <class Loss, class T>
SlowRow row_by_itself(const RowPlan<T>& plan, const Loss& loss, std::int64_t i) {
  row_wise::Scratch none;
  return slow_row(plan, row_wise::row_of(loss, plan.call, none), i);
}

/// The call: in lanes, and where they have nothing to offer by rows alone.
template <class Loss, class T>
void evaluate_rows(const Loss& loss, const Call<T>& call) {
  const auto slow = [&](const RowPlan<T>& plan, std::int64_t i) { return row_by_itself(plan, loss, i); };
  RowPlan<T> plan{call, slow};
  Quad divisor(static_cast<double>(plan.rows));
  if constexpr (requires { Row<Loss, T>::divisor(loss, call); })
    if (call.reduction == Reduction::mean) divisor = Row<Loss, T>::divisor(loss, call);
  if (!set_divisor(plan, divisor) || !in_lanes(loss, plan)) row_wise::compute(loss, call);
}

}  // namespace assay
