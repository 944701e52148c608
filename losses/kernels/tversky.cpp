#define ASSAY_KERNEL "losses/kernels/tversky.cpp"
#include "losses/catalogue/overlap.hpp"
#include "losses/shapes/pairs/pair_rows.hpp"

#include "losses/shapes/pairs/overlap-inl.hpp"

ASSAY_BEGIN

template <class T>
RowSums rows_in_lanes(const RowPlan<T>& plan, const Tversky& loss, std::size_t begin, std::size_t end) {
  return pair_rows(plan, LinearOverlap{loss.alpha, loss.beta, 1, loss.smooth}, begin, end);
}

ASSAY_END
ASSAY_PAIR_ROWS_OF_TARGET(Tversky)

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

template <class T>
class TverskyRow : public OverlapRow<T, TverskyColumns<Wide<T>>> {
 public:
  TverskyRow(const Tversky& loss, const Call<T>& call)
      : OverlapRow<T, TverskyColumns<Wide<T>>>({number(loss.alpha), number(loss.beta), number(loss.smooth)},
                                               call) {}

 private:
  static Wide<T> number(double x) { return widen(static_cast<T>(x)); }
};

}  // namespace

ASSAY_PAIR_ROWS(Tversky, TverskyRow)

}  // namespace assay

#endif
