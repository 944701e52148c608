// What a kernel computes in lanes. Included once a target, after losses/shapes/kernel_in_lanes.hpp.

#if defined(ASSAY_LOSSES_SHAPES_KERNEL_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef ASSAY_LOSSES_SHAPES_KERNEL_INL_HPP
#undef ASSAY_LOSSES_SHAPES_KERNEL_INL_HPP
#else
#define ASSAY_LOSSES_SHAPES_KERNEL_INL_HPP
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace assay::HWY_NAMESPACE {

/// The lanes' part of a kernel. Like Kernel it is the shapes' for what a file holds, or the file's own:
///   Plan                                      what lanes are told of a call, the same on every target
///   bool evaluate(const Loss&, const Plan&)   as in_lanes
template <class Loss, class T>
struct InLanes {
  static_assert(
      sizeof(Loss) == 0,
      "this kernel's file lacks what computes its loss in lanes, between ASSAY_BEGIN and ASSAY_END: a "
      "Formula<Loss>, a RowTerm<Loss>, PairTerms<Loss>, LogitTerms<Loss, T> or an InLanes<Loss, T> "
      "(losses/shapes/kernel.hpp)");
};

}  // namespace assay::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
