#include "losses/catalogue/overlap.hpp"
#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/pairs/overlap-inl.hpp"

ASSAY_BEGIN

template <>
struct PairTerms<Jaccard> {
  static LinearOverlap of(const Jaccard& loss) { return {1, 1, 1, loss.smooth}; }
};

ASSAY_END

#if HWY_ONCE

#include "losses/shapes/pairs/overlap.hpp"

namespace assay {
namespace {

/// sum p + sum g - sum p g is the sum of x(1-y) + (1-x)y and of xy.
template <class W>
struct JaccardColumns {
  W smooth;

  [[nodiscard]] OverlapColumn<W> by_probability(const W& p, const W& g) const {
    return linear_column(W(1), W(1), W(1), p, g);
  }
  [[nodiscard]] OverlapColumn<W> by_target(const W& p, const W& g) const {
    return linear_column(W(1), W(1), W(1), g, p);
  }
  template <class EachOther>
  [[nodiscard]] W numerator(const OverlapColumn<W>& column, const W& apart, const W& shared, const W&,
                            const W&, const EachOther&) const {
    return linear_numerator(column, apart, shared);
  }
};

}  // namespace

template <class T>
class Row<Jaccard, T> : public OverlapRow<T, JaccardColumns<Wide<T>>> {
 public:
  Row(const Jaccard& loss, const Call<T>& call)
      : OverlapRow<T, JaccardColumns<Wide<T>>>({Wide<T>(loss.smooth)}, call) {}
};

}  // namespace assay

#endif

ASSAY_KERNEL(Jaccard)
