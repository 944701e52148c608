#include <algorithm>

#include "losses/catalogue/multiclass.hpp"
#include "losses/shapes/rows/labels.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// -log p_y, by p_y -1/p_y: +inf and -inf at p_y = 0, of either sign, from within the domain. The other
/// numbers of the row have no say.
template <class T>
class Row<SparseCategoricalCrossEntropy, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  Row(const SparseCategoricalCrossEntropy& loss, const Call<T>& call)
      : call_(call), labels_(call.inputs[1], call.inputs[0].extent[1], loss.ignore_index) {}

  [[nodiscard]] bool kept(std::int64_t i) const { return labels_.kept(i); }
  [[nodiscard]] W mean_weight(std::int64_t) const { return W(1); }

  W value(std::int64_t i) {
    p_ = row_wise::not_a_number<W>();
    if (labels_.known(i)) {
      const T p = row_wise::row(call_.inputs[0], i)[labels_[i]];
      if (p >= 0 && p <= 1) p_ = abs(widen(p));
    }
    return W(0) - log(p_);
  }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<T> by_p = row_wise::gradient_row(call_, 0, i);
    std::ranges::fill(by_p, labels_.known(i) ? T{0} : std::numeric_limits<T>::quiet_NaN());
    if (!by_p.empty() && labels_.known(i)) by_p[labels_[i]] = narrow<T>(-(cotangent / p_));
  }

 private:
  const Call<T>& call_;
  Labels labels_;
  W p_{0};
};

}  // namespace assay

ASSAY_KERNEL(SparseCategoricalCrossEntropy)
