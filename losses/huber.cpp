#include "losses/catalogue.hpp"
#include "losses/element_wise.hpp"

namespace assay {

/// a^2/2 and a where |a| <= delta, else delta (|a| - delta/2) and +-delta; a = x-t.
///
/// The two sides meet with equal value and slope, so that a rounding of a that takes the other side costs its
/// own size and no more. |a| - delta/2 >= |a|/2: no cancellation. Limits at x = +-inf: inf and +-delta.
template <class T>
struct Formula<Huber, T> {
  using Number = Wide<T>;
  explicit Formula(const Huber& loss) : delta(static_cast<T>(loss.delta)) {}

  Element<Number, 2> operator()(const std::array<Number, 2>& input, bool) const {
    const Number a = input[0] - input[1];
    const Number size = abs(a);
    if (size > delta) {
      const Number slope = a > 0 ? delta : -delta;
      return {delta * (size - ldexp(delta, -1)), {slope, -slope}};
    }
    return {ldexp(square(a), -1), {a, -a}};
  }

  Number delta;
};

template std::size_t workspace_bytes(const Huber&, const Call<float>&);
template std::size_t workspace_bytes(const Huber&, const Call<double>&);
template void evaluate(const Huber&, const Call<float>&);
template void evaluate(const Huber&, const Call<double>&);

}  // namespace assay
