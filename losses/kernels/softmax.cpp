#define ASSAY_KERNEL "losses/kernels/softmax.cpp"
#include "losses/shapes/logits/logit_rows.hpp"

ASSAY_LOGIT_ROWS(softmax)

#if HWY_ONCE

#include "losses/catalogue/activation.hpp"
#include "losses/shapes/logits/logit_row.hpp"

namespace assay {
namespace {

/// v_c = p_c, and with cotangents s the gradient p_c (s_c - sum_k s_k p_k). A row whose cotangents are all
/// equal has the gradient 0 exactly, in every limit too, because the shares sum to one whatever the logits
/// are.
template <class T>
void write_gradient(const LogitRow<T>& row, const row_wise::Cotangent<T>& cotangent, std::int64_t first,
                    std::span<T> gradient) {
  using W = Wide<T>;
  const std::size_t classes = row.size();
  auto raw = [&](std::size_t c) { return cotangent.raw(first + static_cast<std::int64_t>(c)); };
  bool all_dropped = true, equal = true, equal_where_undetermined = true, any_nan = false,
       any_undetermined = false;
  T undetermined = 0;
  for (std::size_t c = 0; c < classes; ++c) {
    const T s = raw(c);
    all_dropped = all_dropped && s == 0;
    any_nan = any_nan || std::isnan(s);
    equal = equal && s == raw(0);
    if (!row.undetermined(c)) continue;
    if (!any_undetermined) undetermined = s;
    any_undetermined = true;
    equal_where_undetermined = equal_where_undetermined && s == undetermined;
  }
  if (all_dropped || (equal && !row.has_nan())) {
    for (T& each : gradient) each = 0;
    return;
  }
  if (any_nan || row.has_nan()) {
    for (T& each : gradient) each = std::numeric_limits<T>::quiet_NaN();
    return;
  }
  if (any_undetermined) {
    // The other classes' shares tend to 0, and so does everything that they multiply. Between the
    // undetermined ones the gradient is that of some shares that nobody knows, unless their cotangents are
    // equal.
    for (std::size_t c = 0; c < classes; ++c)
      gradient[c] =
          row.undetermined(c) && !equal_where_undetermined ? std::numeric_limits<T>::quiet_NaN() : T{0};
    return;
  }
  // The top's share may be close to 1: there s_c (1 - p_c) - sum over the others keeps what the others say.
  Sum<W> others;
  for (std::size_t c = 0; c < classes; ++c)
    if (c != row.top() && raw(c) != 0) others.add(widen(raw(c)) * row.share(c));
  const std::size_t top = row.top();
  const W mean = others.total() + widen(raw(top)) * row.share(top);
  for (std::size_t c = 0; c < classes; ++c) {
    const W apart = c == top ? widen(raw(c)) * row.complement(c) - others.total() : widen(raw(c)) - mean;
    gradient[c] = narrow<T>(row.share(c) * apart);
  }
}

template <class T>
void softmax_in_quad(const Call<T>& call) {
  using W = Wide<T>;
  const std::int64_t rows = call.inputs[0].extent[0], classes = call.inputs[0].extent[1];
  const W divisor = row_wise::divisor_of<W>(rows * classes);
  const row_wise::Cotangent<T> cotangent(call, divisor);
  row_wise::Output<T> output(call);
  for (std::int64_t i = 0; i < rows; ++i) {
    const LogitRow<T> row(row_wise::row(call.inputs[0], i));
    // Reduced, the shares of a row are one, exactly, even where none of them has a limit.
    if (call.reduction != Reduction::none)
      output.put(i, row.has_nan() ? row_wise::not_a_number<W>() : W(1));
    else
      for (std::size_t c = 0; c < row.size(); ++c)
        output.put(i * classes + static_cast<std::int64_t>(c), row.share(c));
    if (const std::span<T> gradient = row_wise::gradient_row(call, 0, i); !gradient.empty())
      write_gradient(row, cotangent, i * classes, gradient);
  }
  output.finish(divisor);
}

/// A row by itself; its reduced value is not asked for here.
template <class T>
SlowRow slow_softmax(const RowPlan<T>& plan, std::int64_t i) {
  const Call<T>& call = plan.call;
  const LogitRow<T> row(row_wise::row(call.inputs[0], i));
  if (call.reduction == Reduction::none && call.value != nullptr)
    for (std::size_t c = 0; c < row.size(); ++c)
      call.value[i * plan.width + static_cast<std::int64_t>(c)] = narrow<T>(row.share(c));
  const row_wise::Cotangent<T> cotangent(call, row_wise::wide_of<T>(plan.divisor));
  if (const std::span<T> gradient = row_wise::gradient_row(call, 0, i); !gradient.empty())
    write_gradient(row, cotangent, i * plan.width, gradient);
  return {};
}

/// In lanes the values one by one. Reduced, a row's shares are one, exactly, and their gradient is 0: nothing
/// to compute.
template <class T>
void softmax(const Softmax& loss, const Call<T>& call) {
  RowPlan<T> plan{call, call.inputs[0].extent[0], call.inputs[0].extent[1], &loss};
  plan.slow = slow_softmax<T>;
  const LogitTerms terms;
  const bool lanes =
      call.reduction == Reduction::none && (call.gradient[0] == nullptr || call.cotangent != nullptr);
  if (!lanes || !set_divisor(plan, Quad(1)) || !sum_of_rows(plan, in_lanes(call), &terms))
    softmax_in_quad(call);
}

}  // namespace

template <>
std::size_t workspace_bytes(const Softmax&, const Call<float>&) {
  return 0;
}
template <>
std::size_t workspace_bytes(const Softmax&, const Call<double>&) {
  return 0;
}
template <>
void evaluate(const Softmax& loss, const Call<float>& call) {
  softmax(loss, call);
}
template <>
void evaluate(const Softmax& loss, const Call<double>& call) {
  softmax(loss, call);
}

}  // namespace assay

#endif
