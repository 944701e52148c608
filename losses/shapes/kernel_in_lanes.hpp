// Included by the file of a kernel that computes in lanes, before the shape's -inl header: from here on it is
// compiled once a target, and what stands under `#if HWY_ONCE` once. The build says by HWY_TARGET_INCLUDE
// which file that is.
#pragma once

#include "losses/shapes/kernel.hpp"

/// What is compiled for a target stands between these two.
#define ASSAY_BEGIN       \
  HWY_BEFORE_NAMESPACE(); \
  namespace assay::HWY_NAMESPACE {
#define ASSAY_END \
  }               \
  HWY_AFTER_NAMESPACE();

#define ASSAY_IN_LANES(name, T, Loss)                                                 \
  static bool name##_in_lanes(const Loss& loss, const InLanes<Loss, T>::Plan& plan) { \
    return InLanes<Loss, T>::evaluate(loss, plan);                                    \
  }
#define ASSAY_DISPATCH(name, T, Loss)                                                  \
  HWY_EXPORT(name##_in_lanes);                                                         \
  template <>                                                                          \
  bool in_lanes(const Loss& loss, const HWY_NAMESPACE::InLanes<Loss, T>::Plan& plan) { \
    return HWY_DYNAMIC_DISPATCH(name##_in_lanes)(loss, plan);                          \
  }

#undef ASSAY_KERNEL
#define ASSAY_KERNEL(Loss)                   \
  ASSAY_BEGIN                                \
  ASSAY_FOR_EACH_DTYPE(ASSAY_IN_LANES, Loss) \
  ASSAY_END

#include <hwy/foreach_target.h>

#undef ASSAY_KERNEL
#define ASSAY_KERNEL(Loss)                   \
  ASSAY_BEGIN                                \
  ASSAY_FOR_EACH_DTYPE(ASSAY_IN_LANES, Loss) \
  ASSAY_END                                  \
  namespace assay {                          \
  ASSAY_FOR_EACH_DTYPE(ASSAY_DISPATCH, Loss) \
  ASSAY_FOR_EACH_DTYPE(ASSAY_EVALUATE, Loss) \
  }
