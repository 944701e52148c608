// What the file of an element-wise kernel includes, and all that it holds:
//
//   #define ASSAY_KERNEL "losses/kernels/huber.cpp"      its own name: it is compiled once a target
//   #include "losses/shapes/element_wise/element_wise.hpp"
//   ASSAY_BEGIN
//   template <>
//   struct Formula<Huber> { ... };               the mathematics of one element
//   ASSAY_END
//   ASSAY_ELEMENT_WISE(Huber)
//
// The formula is one text over the numbers of simd/lanes-inl.hpp and over Quad (wide.hpp), with + - * /, abs,
// half, twice, square, sqrt, exp, expm1, log, log1p, select, comparisons, and
//   short_exp, short_log, short_log1p, log1p_unit    for what is only multiplied and added to its like
//   ordinary(a)          lanes can compute with a: no rounding but their own, no overflow, no lost low word
//   survives(d, size)    a difference d of terms of that size is good to a rounding of itself
//   weigh(c, term)       0 where c is exactly 0, NaN and infinite terms included
//   positive_part(a)     max(0, a)
//   less(a, b)           a - b where a >= b >= 0
// A formula of a few operations, that waits for memory, has a member `few_operations`; its loop is written
// out. One may also have a member `sum_shows()`, which says of the parameters that elements need not be
// looked at, as the sum tells whether the formula held for all: an element for which it does not is NaN or
// infinite, or has low words, at most 2^240 times as large as they were when they were lost, that are nothing
// beside a sum above 2^-700. Everything else (loops, sums, means, cotangents, threads, which elements are
// computed again in Quad) is in simd/element_wise-inl.hpp and element_wise_quad.hpp.
#ifndef ASSAY_LOSSES_ELEMENT_WISE_HPP
#define ASSAY_LOSSES_ELEMENT_WISE_HPP

#include "losses/lanes/begin.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE ASSAY_KERNEL
#include <hwy/foreach_target.h>

#endif

// From here on: once a target.
#include "losses/shapes/element_wise/element_wise-inl.hpp"

#undef ASSAY_IN_LANES
#define ASSAY_IN_LANES(Loss)                                                                         \
  ASSAY_BEGIN                                                                                        \
  static bool f32_in_lanes(const Loss& loss, const Call<float>& call, InQuad<Loss, float> in_quad,   \
                           const detail::Pair& scale) {                                              \
    return element_wise_in_lanes(loss, call, in_quad, scale);                                        \
  }                                                                                                  \
  static bool f64_in_lanes(const Loss& loss, const Call<double>& call, InQuad<Loss, double> in_quad, \
                           const detail::Pair& scale) {                                              \
    return element_wise_in_lanes(loss, call, in_quad, scale);                                        \
  }                                                                                                  \
  ASSAY_END

#undef ASSAY_ELEMENT_WISE
#if !HWY_ONCE
#define ASSAY_ELEMENT_WISE(Loss) ASSAY_IN_LANES(Loss)
#else
#define ASSAY_ELEMENT_WISE(Loss)                                                                      \
  ASSAY_IN_LANES(Loss)                                                                                \
  namespace assay {                                                                                   \
  HWY_EXPORT(f32_in_lanes);                                                                           \
  HWY_EXPORT(f64_in_lanes);                                                                           \
  template <>                                                                                         \
  std::size_t workspace_bytes(const Loss&, const Call<float>&) {                                      \
    return 0;                                                                                         \
  }                                                                                                   \
  template <>                                                                                         \
  std::size_t workspace_bytes(const Loss&, const Call<double>&) {                                     \
    return 0;                                                                                         \
  }                                                                                                   \
  template <>                                                                                         \
  void evaluate(const Loss& loss, const Call<float>& call) {                                          \
    evaluate_element_wise<Loss, float>(loss, call, HWY_DYNAMIC_DISPATCH(f32_in_lanes),                \
                                       element_in_quad<HWY_NAMESPACE::Formula<Loss>, Loss, float>);   \
  }                                                                                                   \
  template <>                                                                                         \
  void evaluate(const Loss& loss, const Call<double>& call) {                                         \
    evaluate_element_wise<Loss, double>(loss, call, HWY_DYNAMIC_DISPATCH(f64_in_lanes),               \
                                        element_in_quad<HWY_NAMESPACE::Formula<Loss>, Loss, double>); \
  }                                                                                                   \
  }
#endif
