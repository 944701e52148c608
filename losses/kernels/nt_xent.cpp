#include "losses/catalogue/contrastive.hpp"
#include "losses/shapes/candidates/cosine_shares.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// Candidates are all other rows; the right one is half the rows away.
template <class T>
class Row<NtXent, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 0;

  Row(const NtXent& loss, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call), shares_(call, 0, W(1) / W(loss.temperature), scratch) {}

  W value(std::int64_t i) { return shares_.value(i, partner(i), i); }

  void adjoint(std::int64_t i, const W& cotangent) {
    shares_.adjoint(cotangent, shares_.tallies(), [&](std::size_t d, const W& slope) {
      shares_.tally(static_cast<std::size_t>(i), d).add(slope);
    });
  }

  void finish(const W&, const row_wise::Cotangent<T>&) const { shares_.write_shared_gradient(); }

 private:
  [[nodiscard]] std::int64_t partner(std::int64_t i) const {
    const std::int64_t half = call_.inputs[0].extent[0] / 2;
    return i < half ? i + half : i - half;
  }

  const Call<T>& call_;
  CosineShareRow<T> shares_;
};

}  // namespace assay

ASSAY_KERNEL(NtXent)
