#include "losses/catalogue/metric.hpp"
#include "losses/numbers/direction.hpp"
#include "losses/shapes/rows/row_wise.hpp"

namespace assay {

/// D^2/2 for similar rows, a sum of squares without a root; max(0, h)^2/2, h = margin - D, for others, whose
/// slope by x1 is -h (x1 - x2)/D. At D = 0, a kink, that is 0. Where h cancels, D is what the inputs
/// determine.
template <class T>
class Row<Contrastive, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  Row(const Contrastive& loss, const Call<T>& call) : call_(call), margin_(W(loss.margin)) {}

  W value(std::int64_t i) {
    const std::span<const T> x = row_wise::row(call_.inputs[0], i), y = row_wise::row(call_.inputs[1], i);
    const T target = call_.inputs[2].real[i];
    const Length<W> distance(x.size(), [&](std::size_t c) { return widen(x[c]) - widen(y[c]); });
    bool undefined = false;  // a comparison with NaN found no largest component
    for (std::size_t c = 0; c < x.size(); ++c) undefined = undefined || std::isnan(x[c]) || std::isnan(y[c]);
    if (target == 0) {
      slope_ = W(1);  // each component by itself: a NaN stays in its own
      const W top = x.empty() ? W(0) : widen(x[distance.top]) - widen(y[distance.top]);
      return undefined ? row_wise::not_a_number<W>() : (distance.others + square(top)) / W(2);
    }
    slope_ = row_wise::not_a_number<W>();
    if (undefined || target != 1) return slope_;
    const W h = margin_ - distance.length;
    slope_ = h > W(0) && distance.length > W(0) ? -h / distance.length : W(0);
    return h > W(0) ? square(h) / W(2) : W(0);
  }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<const T> x = row_wise::row(call_.inputs[0], i), y = row_wise::row(call_.inputs[1], i);
    const std::span<T> by_first = row_wise::gradient_row(call_, 0, i),
                       by_second = row_wise::gradient_row(call_, 1, i);
    const W scale = cotangent * slope_;
    for (std::size_t c = 0; c < by_first.size(); ++c)
      by_first[c] = narrow<T>(scale * (widen(x[c]) - widen(y[c])));
    for (std::size_t c = 0; c < by_second.size(); ++c)
      by_second[c] = narrow<T>(scale * (widen(y[c]) - widen(x[c])));
  }

 private:
  const Call<T>& call_;
  W margin_;
  W slope_{0};  ///< of the derivative along x1 - x2
};

}  // namespace assay

ASSAY_KERNEL(Contrastive)
