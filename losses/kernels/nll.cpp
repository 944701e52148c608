#include <algorithm>

#include "losses/catalogue/multiclass.hpp"
#include "losses/shapes/logits/class_weight.hpp"
#include "losses/shapes/rows/labels.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// -w_y l_y: a product, exact in Wide; a weight of 0 drops it. The other numbers of the row have no say.
template <class T>
class Row<Nll, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  Row(const Nll& loss, const Call<T>& call, row_wise::Scratch& scratch)
      : call_(call),
        labels_(call.inputs[1], call.inputs[0].extent[1], loss.ignore_index),
        weights_(call.inputs[2].real),
        weight_gradient_(call, scratch) {}

  [[nodiscard]] bool kept(std::int64_t i) const { return labels_.kept(i); }
  [[nodiscard]] W mean_weight(std::int64_t i) const {
    return labels_.known(i) ? weight(i) : row_wise::not_a_number<W>();
  }

  W value(std::int64_t i) const {
    if (!labels_.known(i)) return row_wise::not_a_number<W>();
    return weight(i) == W(0) ? W(0) : -(weight(i) * log_probability(i));
  }

  void adjoint(std::int64_t i, const W& cotangent) {
    const std::span<T> by_l = row_wise::gradient_row(call_, 0, i);
    if (!labels_.known(i)) {
      std::ranges::fill(by_l, std::numeric_limits<T>::quiet_NaN());
      return;
    }
    std::ranges::fill(by_l, T{0});
    if (!by_l.empty() && weight(i) != W(0)) by_l[labels_[i]] = narrow<T>(-(cotangent * weight(i)));
    weight_gradient_.add(labels_[i], -log_probability(i), cotangent);
  }

  void finish(const W& divisor, const row_wise::Cotangent<T>& cotangent) {
    weight_gradient_.write(weights_, divisor, cotangent);
  }

 private:
  [[nodiscard]] W weight(std::int64_t i) const {
    return weights_ == nullptr ? W(1) : widen(weights_[labels_[i]]);
  }
  [[nodiscard]] W log_probability(std::int64_t i) const {
    return widen(row_wise::row(call_.inputs[0], i)[labels_[i]]);
  }

  const Call<T>& call_;
  Labels labels_;
  const T* weights_;
  ClassWeightGradient<T> weight_gradient_;
};

}  // namespace assay

ASSAY_KERNEL(Nll)
