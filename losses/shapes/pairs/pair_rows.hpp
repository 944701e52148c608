// What the file of a kernel includes whose rows are pairs that a few sums determine:
//
//   #define ASSAY_KERNEL "losses/kernels/jaccard.cpp"     its own name: it is compiled once a target
//   #include "losses/shapes/pairs/pair_rows.hpp"
//   ASSAY_BEGIN
//   template <class T>
//   RowSums rows_in_lanes(const RowPlan<T>&, const Jaccard&, std::size_t begin, std::size_t end) { ... }
//   ASSAY_END
//   ASSAY_PAIR_ROWS_OF_TARGET(Jaccard)
//   #if HWY_ONCE
//   ...                                            JaccardRow: rows that lanes do not vouch for
//   ASSAY_PAIR_ROWS(Jaccard, JaccardRow)           in namespace assay
//   #endif
#ifndef ASSAY_LOSSES_PAIR_ROWS_HPP
#define ASSAY_LOSSES_PAIR_ROWS_HPP

#include <cmath>

#include "losses/lanes/begin.hpp"
#include "losses/shapes/element_wise/element_wise_quad.hpp"
#include "losses/shapes/rows/row_wise_lanes.hpp"

namespace assay {

/// Every real parameter is 0 or within 2^+-100: products with it keep their low word.
template <class Loss>
bool has_moderate_parameters(const Loss& loss) {
  bool moderate = true;
  for (const Parameter<Loss>& each : parameters<Loss>)
    if (const auto* member = std::get_if<double Loss::*>(&each.member)) {
      const double size = std::fabs(loss.**member);
      moderate = moderate && (size == 0 || (size > 0x1p-100 && size < 0x1p100));
    }
  return moderate;
}

/// The call: in lanes, and where they have nothing to offer by `Row` alone.
template <template <class> class Row, class Loss, class T>
void evaluate_pair_rows(const Loss& loss, const Call<T>& call, RowJob<T> in_lanes) {
  const Loss rounded = rounded_to<T>(loss);
  RowPlan<T> plan{call, call.inputs[0].extent[0], call.inputs[0].extent[1], &rounded};
  plan.slow = [](const RowPlan<T>& p, std::int64_t i) {
    return slow_row(p, Row<T>(*static_cast<const Loss*>(p.loss), p.call), i);
  };
  const Quad divisor(call.reduction == Reduction::mean ? static_cast<double>(plan.rows) : 1);
  if (!has_moderate_parameters(rounded) || !set_divisor(plan, divisor) ||
      !sum_of_rows(plan, in_lanes, &rounded))
    row_wise::run(call, Row<T>(rounded, call));
}

}  // namespace assay

#define ASSAY_PAIR_ROWS_OF_TARGET(Loss)                                                     \
  ASSAY_BEGIN                                                                               \
  static RowSums f32_rows(const RowPlan<float>& plan, const void* loss, std::size_t begin,  \
                          std::size_t end) {                                                \
    return rows_in_lanes(plan, *static_cast<const Loss*>(loss), begin, end);                \
  }                                                                                         \
  static RowSums f64_rows(const RowPlan<double>& plan, const void* loss, std::size_t begin, \
                          std::size_t end) {                                                \
    return rows_in_lanes(plan, *static_cast<const Loss*>(loss), begin, end);                \
  }                                                                                         \
  ASSAY_END
#define ASSAY_PAIR_ROWS(Loss, Row)                                       \
  HWY_EXPORT(f32_rows);                                                  \
  HWY_EXPORT(f64_rows);                                                  \
  template <>                                                            \
  std::size_t workspace_bytes(const Loss&, const Call<float>&) {         \
    return 0;                                                            \
  }                                                                      \
  template <>                                                            \
  std::size_t workspace_bytes(const Loss&, const Call<double>&) {        \
    return 0;                                                            \
  }                                                                      \
  template <>                                                            \
  void evaluate(const Loss& loss, const Call<float>& call) {             \
    evaluate_pair_rows<Row>(loss, call, HWY_DYNAMIC_DISPATCH(f32_rows)); \
  }                                                                      \
  template <>                                                            \
  void evaluate(const Loss& loss, const Call<double>& call) {            \
    evaluate_pair_rows<Row>(loss, call, HWY_DYNAMIC_DISPATCH(f64_rows)); \
  }

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE ASSAY_KERNEL
#include <hwy/foreach_target.h>

#endif
