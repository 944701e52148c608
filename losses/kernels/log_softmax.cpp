#define ASSAY_KERNEL "losses/kernels/log_softmax.cpp"
#include "losses/shapes/logits/logit_rows.hpp"

ASSAY_LOGIT_ROWS(log_softmax)

#if HWY_ONCE

#include "losses/catalogue/activation.hpp"
#include "losses/shapes/logits/soft_target.hpp"

namespace assay {
namespace {

/// log p_c is the row's surprise, negated: no cancellation. With cotangents s the gradient is s_c - p_c sum_k
/// s_k, the slope of a cross-entropy against targets s, negated: s may have either sign there. Where none of
/// the cotangents is given, they are whole numbers, from which LogitRow::slope loses nothing.
template <class T>
void write_gradient(const LogitRow<T>& row, const row_wise::Cotangent<T>& cotangent, std::int64_t first,
                    std::span<T> gradient) {
  using W = Wide<T>;
  auto s = [&](std::size_t c) { return widen(cotangent.raw(first + static_cast<std::int64_t>(c))); };
  const TargetTotal<W> total(gradient.size(), s);
  for (std::size_t c = 0; c < gradient.size(); ++c) {
    W slope(0);
    if (row.undetermined(c) && total.total() == W(0))
      slope = -s(c);  // whatever the share is
    else if (total.any())
      slope = row.slope(c, s(c), total.without(c, s(c)), W(1), W(0));
    gradient[c] = narrow<T>(-slope);
  }
}

/// The same where all cotangents are one number: it multiplies 1 - C p_c.
template <class T>
void write_even_gradient(const LogitRow<T>& row, const row_wise::Cotangent<T>& cotangent,
                         std::span<T> gradient) {
  using W = Wide<T>;
  const W others(static_cast<double>(gradient.size()) - 1);
  for (std::size_t c = 0; c < gradient.size(); ++c)
    gradient[c] =
        cotangent.drops(0) ? T{0} : narrow<T>(-(cotangent(0) * row.slope(c, W(1), others, W(1), W(0))));
}

template <class T>
void write_gradient_of(const LogitRow<T>& row, const Call<T>& call, const row_wise::Cotangent<T>& cotangent,
                       std::int64_t i) {
  const std::span<T> gradient = row_wise::gradient_row(call, 0, i);
  if (gradient.empty()) return;
  if (call.reduction == Reduction::none && call.cotangent != nullptr)
    write_gradient(row, cotangent, i * call.inputs[0].extent[1], gradient);
  else
    write_even_gradient(row, cotangent, gradient);
}

/// Sums are those of the surprises, none of which is negative, negated at the end.
template <class T>
void log_softmax_in_quad(const Call<T>& call) {
  using W = Wide<T>;
  const std::int64_t rows = call.inputs[0].extent[0], classes = call.inputs[0].extent[1];
  const W divisor = row_wise::divisor_of<W>(rows * classes);
  const row_wise::Cotangent<T> cotangent(call, divisor);
  row_wise::Output<T> output(call);
  for (std::int64_t i = 0; i < rows; ++i) {
    const LogitRow<T> row(row_wise::row(call.inputs[0], i));
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (row.undetermined(c))
        output.put_undetermined(i * classes + static_cast<std::int64_t>(c));
      else
        output.put(i * classes + static_cast<std::int64_t>(c), row.surprise(c));
    }
    write_gradient_of(row, call, cotangent, i);
  }
  output.finish(divisor);
  const std::int64_t values = call.reduction == Reduction::none ? rows * classes : 1;
  for (std::int64_t i = 0; i < values; ++i) call.value[i] = T{0} - call.value[i];
}

/// A row by itself, and the sum of its surprises.
template <class T>
SlowRow slow_log_softmax(const RowPlan<T>& plan, std::int64_t i) {
  const Call<T>& call = plan.call;
  const LogitRow<T> row(row_wise::row(call.inputs[0], i));
  const row_wise::Cotangent<T> cotangent(call, row_wise::wide_of<T>(plan.divisor));
  write_gradient_of(row, call, cotangent, i);
  Sum<Wide<T>> sum;
  for (std::size_t c = 0; c < row.size(); ++c) {
    const Wide<T> surprise = row.surprise(c);
    sum.add(surprise);
    if (call.reduction == Reduction::none && call.value != nullptr)
      call.value[i * plan.width + static_cast<std::int64_t>(c)] = T{0} - narrow<T>(surprise);
  }
  return {Quad(sum.total()), is_finite(sum.total())};
}

template <class T>
void log_softmax(const LogSoftmax& loss, const Call<T>& call) {
  RowPlan<T> plan{call, call.inputs[0].extent[0], call.inputs[0].extent[1], &loss};
  plan.slow = slow_log_softmax<T>;
  const LogitTerms terms;
  if (!set_divisor(plan, Quad(static_cast<double>(plan.rows * plan.width))) ||
      !sum_of_rows(plan, in_lanes(call), &terms))
    return log_softmax_in_quad(call);
  if (call.reduction != Reduction::none && call.value != nullptr) *call.value = T{0} - *call.value;
}

}  // namespace

template <>
std::size_t workspace_bytes(const LogSoftmax&, const Call<float>&) {
  return 0;
}
template <>
std::size_t workspace_bytes(const LogSoftmax&, const Call<double>&) {
  return 0;
}
template <>
void evaluate(const LogSoftmax& loss, const Call<float>& call) {
  log_softmax(loss, call);
}
template <>
void evaluate(const LogSoftmax& loss, const Call<double>& call) {
  log_softmax(loss, call);
}

}  // namespace assay

#endif
