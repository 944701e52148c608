#include "losses/catalogue/metric.hpp"
#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/pairs/cosine-inl.hpp"

ASSAY_BEGIN

/// Near the kink, too, what is known of the cosine must tell the sides apart.
struct EmbeddingByCosine {
  static constexpr bool labelled = true;
  double margin;

  HWY_INLINE OfCosine at(Twin cosine, Real target, Real enough) const {
    const Condition alike = target == Real(1.0);
    const Twin excess = cosine - Exact(margin), value = select(alike, Exact(1.0) - cosine, excess);
    const Condition steep = value.hi > Real(0.0);
    return {only(steep, value), only(steep, select(alike, -1.0, Real(1.0))),
            (alike | (target == Real(-1.0))) & (abs(value.hi) >= enough)};
  }
};

template <>
struct PairTerms<CosineEmbedding> {
  static CosineTerms<EmbeddingByCosine> of(const CosineEmbedding& loss) { return {{loss.margin}}; }
};

ASSAY_END

#if HWY_ONCE

#include "losses/numbers/angle.hpp"

namespace assay {

/// 1 - cos for alike rows, max(0, cos - margin) for others: the kink belongs to the flat side.
template <class T>
class Row<CosineEmbedding, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  Row(const CosineEmbedding& loss, const Call<T>& call) : call_(call), margin_(W(loss.margin)) {}

  W value(std::int64_t i) {
    const T target = call_.inputs[2].real[i];
    angle_ = Angle<T>(row_wise::row(call_.inputs[0], i), row_wise::row(call_.inputs[1], i));
    slope_ = row_wise::not_a_number<W>();
    if (angle_.undefined() || !(target == 1 || target == -1)) return slope_;
    const W excess = angle_.cosine_less(margin_);
    slope_ = target == 1 ? W(-1) : excess > W(0) ? W(1) : W(0);
    if (target == 1) return angle_.one_minus_cosine();
    return excess > W(0) ? excess : W(0);
  }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const W scale = cotangent * slope_;
    angle_.write_slopes(scale, row_wise::gradient_row(call_, 0, i), row_wise::gradient_row(call_, 1, i));
  }

 private:
  const Call<T>& call_;
  W margin_;
  Angle<T> angle_;
  W slope_{0};  ///< by cos
};

}  // namespace assay

#endif

ASSAY_KERNEL(CosineEmbedding)
