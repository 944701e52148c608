// What the file of a kernel over rows of logits includes:
//
//   #define ASSAY_KERNEL "losses/kernels/softmax.cpp"     its own name: it is compiled once a target
//   #include "losses/shapes/logits/logit_rows.hpp"
//   ASSAY_LOGIT_ROWS(softmax)                      which of LogitLoss it is
//   #if HWY_ONCE
//   ...                                            rows that lanes do not vouch for, and the call
//   #endif
//
// In lanes a call is `f32_rows` and `f64_rows`: simd/logits-inl.hpp has their mathematics.
#ifndef ASSAY_LOSSES_LOGIT_ROWS_HPP
#define ASSAY_LOSSES_LOGIT_ROWS_HPP

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE ASSAY_KERNEL
#include <hwy/foreach_target.h>

#endif

// From here on: once a target.
#include "losses/shapes/logits/logits-inl.hpp"

#undef ASSAY_LOGIT_ROWS_OF_TARGET
#define ASSAY_LOGIT_ROWS_OF_TARGET(kind)                                                                  \
  HWY_BEFORE_NAMESPACE();                                                                                 \
  namespace assay::HWY_NAMESPACE {                                                                        \
  static RowSums f32_rows(const RowPlan<float>& plan, const void* terms, std::size_t begin,               \
                          std::size_t end) {                                                              \
    return logit_rows<float, LogitLoss::kind>(plan, *static_cast<const LogitTerms*>(terms), begin, end);  \
  }                                                                                                       \
  static RowSums f64_rows(const RowPlan<double>& plan, const void* terms, std::size_t begin,              \
                          std::size_t end) {                                                              \
    return logit_rows<double, LogitLoss::kind>(plan, *static_cast<const LogitTerms*>(terms), begin, end); \
  }                                                                                                       \
  }                                                                                                       \
  HWY_AFTER_NAMESPACE();

#undef ASSAY_LOGIT_ROWS
#if !HWY_ONCE
#define ASSAY_LOGIT_ROWS(kind) ASSAY_LOGIT_ROWS_OF_TARGET(kind)
#else
#define ASSAY_LOGIT_ROWS(kind)                                                                   \
  ASSAY_LOGIT_ROWS_OF_TARGET(kind)                                                               \
  namespace assay {                                                                              \
  HWY_EXPORT(f32_rows);                                                                          \
  HWY_EXPORT(f64_rows);                                                                          \
  static RowJob<float> in_lanes(const Call<float>&) { return HWY_DYNAMIC_DISPATCH(f32_rows); }   \
  static RowJob<double> in_lanes(const Call<double>&) { return HWY_DYNAMIC_DISPATCH(f64_rows); } \
  }
#endif
