// What the file of a kernel over rows of logits includes:
//
//   #define ASSAY_KERNEL "losses/kernels/softmax.cpp"     its own name: it is compiled once a target
//   #include "losses/shapes/logits/logit_rows.hpp"
//   ASSAY_BEGIN
//   template <class T>
//   class LogitTerms<Softmax, T> { ... };          its mathematics: logits-inl.hpp says what is asked of it
//   ASSAY_END
//   ASSAY_LOGIT_ROWS(Softmax)
//   #if HWY_ONCE
//   ...                                            rows that lanes do not vouch for, and the call
//   #endif
#ifndef ASSAY_LOSSES_LOGIT_ROWS_HPP
#define ASSAY_LOSSES_LOGIT_ROWS_HPP

#include "losses/lanes/begin.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE ASSAY_KERNEL
#include <hwy/foreach_target.h>

#endif

// From here on: once a target.
#include "losses/shapes/logits/logits-inl.hpp"

#undef ASSAY_LOGIT_ROWS_OF_TARGET
#define ASSAY_LOGIT_ROWS_OF_TARGET(Loss)                                                                  \
  ASSAY_BEGIN                                                                                             \
  static RowSums f32_rows(const RowPlan<float>& plan, const void*, std::size_t begin, std::size_t end) {  \
    return logit_rows<Loss>(plan, begin, end);                                                            \
  }                                                                                                       \
  static RowSums f64_rows(const RowPlan<double>& plan, const void*, std::size_t begin, std::size_t end) { \
    return logit_rows<Loss>(plan, begin, end);                                                            \
  }                                                                                                       \
  ASSAY_END

#undef ASSAY_LOGIT_ROWS
#if !HWY_ONCE
#define ASSAY_LOGIT_ROWS(Loss) ASSAY_LOGIT_ROWS_OF_TARGET(Loss)
#else
#define ASSAY_LOGIT_ROWS(Loss)                                                                   \
  ASSAY_LOGIT_ROWS_OF_TARGET(Loss)                                                               \
  namespace assay {                                                                              \
  HWY_EXPORT(f32_rows);                                                                          \
  HWY_EXPORT(f64_rows);                                                                          \
  static RowJob<float> in_lanes(const Call<float>&) { return HWY_DYNAMIC_DISPATCH(f32_rows); }   \
  static RowJob<double> in_lanes(const Call<double>&) { return HWY_DYNAMIC_DISPATCH(f64_rows); } \
  }
#endif
