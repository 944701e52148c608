#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/binary_cross_entropy-inl.hpp"
#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

template <>
struct Formula<BinaryCrossEntropy> {
  explicit Formula(const BinaryCrossEntropy&) {}

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& p, const X& t) const {
    return BinaryCrossEntropyTerms::of(p, t);
  }
};

ASSAY_END

ASSAY_KERNEL(BinaryCrossEntropy)
