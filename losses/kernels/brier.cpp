#include "losses/shapes/kernel_in_lanes.hpp"

#include "losses/shapes/rows/row_terms-inl.hpp"

ASSAY_BEGIN

/// e^2, by p 2e, by t -2e, e = p-t. The difference is exact in two words and good to a rounding in one; no
/// square is negative, so that nothing cancels after it. Where a square leaves the range, and outside [0, 1],
/// the row is for others.
template <>
struct RowTerm<Brier> {
  template <class X>
  HWY_INLINE Element<X, 2> operator()(const X& p, const X& t) const {
    const auto error = p - t, slope = twice(error);
    return {square(error), {slope, -slope}, between(0, p, 1) & between(0, t, 1) & ordinary(error)};
  }
};

ASSAY_END

#if HWY_ONCE

#include "losses/catalogue/classification.hpp"

namespace assay {

template <class T>
class Row<Brier, T> {
 public:
  using W = Wide<T>;
  static constexpr std::size_t row_inputs = 2;

  Row(const Brier&, const Call<T>& call) : call_(call) {}

  W value(std::int64_t i) const {
    const std::span<const T> p = row_wise::row(call_.inputs[0], i), t = row_wise::row(call_.inputs[1], i);
    Sum<W> squares;
    for (std::size_t c = 0; c < p.size(); ++c) squares.add(square(error(p[c], t[c])));
    return squares.total();
  }

  void adjoint(std::int64_t i, const W& cotangent) const {
    const std::span<const T> p = row_wise::row(call_.inputs[0], i), t = row_wise::row(call_.inputs[1], i);
    const std::span<T> by_p = row_wise::gradient_row(call_, 0, i), by_t = row_wise::gradient_row(call_, 1, i);
    for (std::size_t c = 0; c < by_p.size(); ++c)
      by_p[c] = narrow<T>(cotangent * ldexp(error(p[c], t[c]), 1));
    for (std::size_t c = 0; c < by_t.size(); ++c)
      by_t[c] = narrow<T>(cotangent * -ldexp(error(p[c], t[c]), 1));
  }

 private:
  static W error(T p, T t) {
    const bool probabilities = p >= 0 && p <= 1 && t >= 0 && t <= 1;
    return probabilities ? widen(p) - widen(t) : row_wise::not_a_number<W>();
  }

  const Call<T>& call_;
};

}  // namespace assay

#endif

ASSAY_KERNEL(Brier)
