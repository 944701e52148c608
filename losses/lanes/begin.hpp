// The part of a kernel's file that is compiled once a target stands between these two.
#pragma once

#define ASSAY_BEGIN       \
  HWY_BEFORE_NAMESPACE(); \
  namespace assay::HWY_NAMESPACE {
#define ASSAY_END \
  }               \
  HWY_AFTER_NAMESPACE();
