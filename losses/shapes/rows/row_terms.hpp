// What the file of a kernel includes whose rows are sums of terms, one a column:
//
//   #define ASSAY_KERNEL "losses/kernels/entropy.cpp"     its own name: it is compiled once a target
//   #include "losses/shapes/rows/row_terms.hpp"
//   ASSAY_BEGIN
//   template <>
//   struct RowTerm<Entropy> { ... };               the mathematics of one column, as an element's Formula
//   ASSAY_END
//   ASSAY_ROW_TERMS(Entropy)
//   #if HWY_ONCE
//   ...                                            EntropyRow: rows that lanes do not vouch for
//   ASSAY_EVALUATE_ROWS(Entropy, EntropyRow)
//   #endif
#ifndef ASSAY_LOSSES_ROW_TERMS_HPP
#define ASSAY_LOSSES_ROW_TERMS_HPP

#include "losses/lanes/begin.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE ASSAY_KERNEL
#include <hwy/foreach_target.h>

#endif

// From here on: once a target.
#include "losses/shapes/rows/row_terms-inl.hpp"

#undef ASSAY_ROW_TERMS_OF_TARGET
#define ASSAY_ROW_TERMS_OF_TARGET(Loss)                                                                   \
  ASSAY_BEGIN                                                                                             \
  static RowSums f32_rows(const RowPlan<float>& plan, const void*, std::size_t begin, std::size_t end) {  \
    return row_terms<Loss>(plan, begin, end);                                                             \
  }                                                                                                       \
  static RowSums f64_rows(const RowPlan<double>& plan, const void*, std::size_t begin, std::size_t end) { \
    return row_terms<Loss>(plan, begin, end);                                                             \
  }                                                                                                       \
  ASSAY_END

#undef ASSAY_ROW_TERMS
#if !HWY_ONCE
#define ASSAY_ROW_TERMS(Loss) ASSAY_ROW_TERMS_OF_TARGET(Loss)
#else
#define ASSAY_ROW_TERMS(Loss)                                                                    \
  ASSAY_ROW_TERMS_OF_TARGET(Loss)                                                                \
  namespace assay {                                                                              \
  HWY_EXPORT(f32_rows);                                                                          \
  HWY_EXPORT(f64_rows);                                                                          \
  static RowJob<float> in_lanes(const Call<float>&) { return HWY_DYNAMIC_DISPATCH(f32_rows); }   \
  static RowJob<double> in_lanes(const Call<double>&) { return HWY_DYNAMIC_DISPATCH(f64_rows); } \
  /* Loss by rows: in lanes, and where they have nothing to offer by `Row` alone. */             \
  template <template <class> class Row, class T>                                                 \
  static void evaluate_rows(const Loss& loss, const Call<T>& call) {                             \
    RowPlan<T> plan{call, call.inputs[0].extent[0], call.inputs[0].extent[1], &loss};            \
    plan.slow = [](const RowPlan<T>& p, std::int64_t i) {                                        \
      return slow_row(p, Row<T>(*static_cast<const Loss*>(p.loss), p.call), i);                  \
    };                                                                                           \
    const Quad divisor(call.reduction == Reduction::mean ? static_cast<double>(plan.rows) : 1);  \
    if (!set_divisor(plan, divisor) || !sum_of_rows(plan, in_lanes(call), nullptr))              \
      row_wise::run(call, Row<T>(loss, call));                                                   \
  }                                                                                              \
  }

/// The call of a loss whose rows take no scratch.
#define ASSAY_EVALUATE_ROWS(Loss, Row)                            \
  template <>                                                     \
  std::size_t workspace_bytes(const Loss&, const Call<float>&) {  \
    return 0;                                                     \
  }                                                               \
  template <>                                                     \
  std::size_t workspace_bytes(const Loss&, const Call<double>&) { \
    return 0;                                                     \
  }                                                               \
  template <>                                                     \
  void evaluate(const Loss& loss, const Call<float>& call) {      \
    evaluate_rows<Row>(loss, call);                               \
  }                                                               \
  template <>                                                     \
  void evaluate(const Loss& loss, const Call<double>& call) {     \
    evaluate_rows<Row>(loss, call);                               \
  }
#endif
