#include "losses/catalogue/overlap.hpp"
#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/pairs/overlap-inl.hpp"

ASSAY_BEGIN

template <>
struct PairTerms<Tversky> {
  static LinearOverlap of(const Tversky& loss) { return {loss.alpha, loss.beta, 1, loss.smooth}; }
};

ASSAY_END

#if HWY_ONCE

#include "losses/shapes/pairs/overlap.hpp"

namespace assay {
namespace {

/// n = alpha p (1-g) + beta (1-p) g; seen from g, alpha and beta change places.
template <class W>
struct TverskyColumns {
  W alpha, beta, smooth;

  [[nodiscard]] OverlapColumn<W> by_probability(const W& p, const W& g) const {
    return linear_column(alpha, beta, W(1), p, g);
  }
  [[nodiscard]] OverlapColumn<W> by_target(const W& p, const W& g) const {
    return linear_column(beta, alpha, W(1), g, p);
  }
  template <class EachOther>
  [[nodiscard]] W numerator(const OverlapColumn<W>& column, const W& apart, const W& shared, const W&,
                            const W&, const EachOther&) const {
    return linear_numerator(column, apart, shared);
  }
};

}  // namespace

template <class T>
class Row<Tversky, T> : public OverlapRow<T, TverskyColumns<Wide<T>>> {
 public:
  Row(const Tversky& loss, const Call<T>& call)
      : OverlapRow<T, TverskyColumns<Wide<T>>>(
            {Wide<T>(loss.alpha), Wide<T>(loss.beta), Wide<T>(loss.smooth)}, call) {}
};

}  // namespace assay

#endif

ASSAY_KERNEL(Tversky)
