#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/element_wise/binary_cross_entropy-inl.hpp"
#include "losses/shapes/element_wise/element_wise-inl.hpp"

ASSAY_BEGIN

/// The cross-entropy in nats times 1/log(base), and so are its slopes. The factor is taken from Quad to two
/// words, and neither word leaves the range: no base lies nearer to 1 than 2^-53, and its logarithm within
/// +-745. Below 1 it is negative.
template <>
struct Formula<LogLoss> {
  explicit Formula(const LogLoss& loss) {
    const Quad unit = Quad(1) / log(Quad(loss.base));
    high = narrow<double>(unit);
    low = narrow<double>(unit - Quad(high));
  }

  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& p, const X& t) const {
    const auto unit = Constant<typename In<X>::Number>::of(high, low);
    const auto nats = BinaryCrossEntropyTerms::of(p, t);
    return {nats.value * unit,
            {nats.slope.template get<0>() * unit, nats.slope.template get<1>() * unit},
            nats.holds};
  }

  double high, low;
};

ASSAY_END

ASSAY_KERNEL(LogLoss)
