#include "losses/catalogue/contrastive.hpp"
#include "losses/shapes/candidates/cosine_shares.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// Candidates are the positives of all rows; the right one is the row's own.
template <class T>
class Row<MultipleNegativesRanking, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  Row(const MultipleNegativesRanking& loss, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call), shares_(call, 1, W(loss.scale), scratch) {}

  W value(std::int64_t i) { return shares_.value(i, i, -1); }

  void adjoint(std::int64_t i, const W& cotangent) {
    shares_.adjoint(cotangent, row_wise::gradient_row(call_, 0, i));
  }

  void finish(const W&, const row_wise::Cotangent<T>&) const { shares_.write_shared_gradient(); }

 private:
  const Call<T>& call_;
  CosineShareRow<T> shares_;
};

}  // namespace assay

ASSAY_KERNEL(MultipleNegativesRanking)
