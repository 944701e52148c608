#include "losses/catalogue.hpp"
#include "losses/element_wise.hpp"

namespace assay {

/// a^2/(2 beta) and a/beta where |a| < beta, else |a| - beta/2 and +-1; a = x-t.
///
/// The two sides meet with equal value and slope, so that a rounding of a that takes the other side costs its
/// own size and no more. |a| - beta/2 >= |a|/2: no cancellation. Limits at x = +-inf: inf and +-1.
template <class T>
struct Formula<SmoothL1, T> {
  using Number = Wide<T>;
  explicit Formula(const SmoothL1& loss) : beta(static_cast<T>(loss.beta)) {}

  Element<Number, 2> operator()(const std::array<Number, 2>& input, bool) const {
    const Number a = input[0] - input[1];
    const Number size = abs(a);
    if (size >= beta) {
      const Number slope = a > 0 ? Number(1) : Number(-1);
      return {size - ldexp(beta, -1), {slope, -slope}};
    }
    const Number slope = a / beta;
    return {ldexp(a * slope, -1), {slope, -slope}};
  }

  Number beta;
};

template std::size_t workspace_bytes(const SmoothL1&, const Call<float>&);
template std::size_t workspace_bytes(const SmoothL1&, const Call<double>&);
template void evaluate(const SmoothL1&, const Call<float>&);
template void evaluate(const SmoothL1&, const Call<double>&);

}  // namespace assay
