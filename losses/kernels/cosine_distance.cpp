#include "losses/catalogue/metric.hpp"
#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/pairs/cosine-inl.hpp"

ASSAY_BEGIN

struct DistanceByCosine {
  static constexpr bool labelled = false;

  HWY_INLINE OfCosine at(Twin cosine, Real, Real enough) const {
    const Twin value = Exact(1.0) - cosine;
    return {value, -1.0, value.hi >= enough};
  }
};

template <>
struct PairTerms<CosineDistance> {
  static CosineTerms<DistanceByCosine> of(const CosineDistance&) { return {}; }
};

ASSAY_END

#if HWY_ONCE

#include "losses/numbers/angle.hpp"

namespace assay {

/// 1 - cos, and -cos by each row.
template <class T>
class Row<CosineDistance, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  Row(const CosineDistance&, const Call<T>& call) : call_(call) {}

  W value(std::int64_t i) {
    angle_ = Angle<T>(row_wise::row(call_.inputs[0], i), row_wise::row(call_.inputs[1], i));
    return angle_.undefined() ? row_wise::not_a_number<W>() : angle_.one_minus_cosine();
  }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const W scale = angle_.undefined() ? row_wise::not_a_number<W>() : -cotangent;
    angle_.write_slopes(scale, row_wise::gradient_row(call_, 0, i), row_wise::gradient_row(call_, 1, i));
  }

 private:
  const Call<T>& call_;
  Angle<T> angle_;
};

}  // namespace assay

#endif

ASSAY_KERNEL(CosineDistance)
