#define ASSAY_KERNEL "losses/kernels/jaccard.cpp"
#include "losses/catalogue/overlap.hpp"
#include "losses/shapes/pairs/pair_rows.hpp"

#include "losses/shapes/pairs/overlap-inl.hpp"

ASSAY_BEGIN

template <class T>
RowSums rows_in_lanes(const RowPlan<T>& plan, const Jaccard& loss, std::size_t begin, std::size_t end) {
  return pair_rows(plan, LinearOverlap{1, 1, 1, loss.smooth}, begin, end);
}

ASSAY_END
ASSAY_PAIR_ROWS_OF_TARGET(Jaccard)

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

template <class T>
class JaccardRow : public OverlapRow<T, JaccardColumns<Wide<T>>> {
 public:
  JaccardRow(const Jaccard& loss, const Call<T>& call)
      : OverlapRow<T, JaccardColumns<Wide<T>>>({number(loss.smooth)}, call) {}

 private:
  static Wide<T> number(double x) { return widen(static_cast<T>(x)); }
};

}  // namespace

ASSAY_PAIR_ROWS(Jaccard, JaccardRow)

}  // namespace assay

#endif
