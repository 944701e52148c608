#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/rows/row_terms-inl.hpp"

ASSAY_BEGIN

/// -p log p and -(log p + 1) for 0 < p <= 1: log is accurate near 1 too, and where log p + 1 cancels, near
/// 1/e, p is worth as much. 0 log 0 = 0; its slope is for others.
template <>
struct RowTerm<Entropy> {
  template <class X>
  HWY_INLINE Element<X, 1> operator()(const X& p) const {
    const X zero = 0, one = 1;
    const auto some = p > zero;
    const auto log_p = log(select(some, p, one)), slope = -(log_p + one);
    return {-(p * log_p), {slope}, between(0, p, 1), {some & survives(slope, log_p)}};
  }
};

ASSAY_END

#if HWY_ONCE

#include "losses/catalogue/divergence.hpp"

namespace assay {

/// -sum p log p: no term is negative, and log is accurate near 1 too. 0 log 0 = 0.
template <class T>
class Row<Entropy, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 1;

  Row(const Entropy&, const Call<T>& call) : call_(call) {}

  W value(std::int64_t i) const {
    Sum<W> sum;
    for (const T p : row_wise::row(call_.inputs[0], i))
      if (p != 0) sum.add(widen(p) * -log(widen(p)));
    return sum.total();
  }

  /// -(log p + 1), +inf at 0: the sum loses digits only near p = 1/e, where moving p moves it as much.
  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<const T> p = row_wise::row(call_.inputs[0], i);
    const std::span<T> gradient = row_wise::gradient_row(call_, 0, i);
    for (std::size_t c = 0; c < gradient.size(); ++c)
      gradient[c] = narrow<T>(cotangent * -(log(widen(p[c])) + W(1)));
  }

 private:
  const Call<T>& call_;
};

}  // namespace assay

#endif

ASSAY_KERNEL(Entropy)
