#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/element_wise-inl.hpp"
#include "losses/shapes/element_wise/logit_cross_entropy-inl.hpp"

ASSAY_BEGIN

template <>
struct Formula<BinaryCrossEntropyWithLogits> {
  explicit Formula(const BinaryCrossEntropyWithLogits&) {}

  template <class X>
  HWY_INLINE Element<X, 3> operator()(const X& x, const X& t, const X& w) const {
    return LogitCrossEntropy::of(x, t, w);
  }
};

ASSAY_END

ASSAY_KERNEL(BinaryCrossEntropyWithLogits)
