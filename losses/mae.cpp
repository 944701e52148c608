#include "losses/catalogue.hpp"
#include "losses/element_wise.hpp"

namespace assay {

/// |a| and the sign of a, 0 at the kink a = 0; a = x-t. Subtraction never rounds to the wrong sign, nor a
/// number that is not 0 to 0. Limits at x = +-inf: inf and +-1.
template <class T>
struct Formula<Mae, T> {
  using Number = Wide<T>;
  explicit Formula(const Mae&) {}

  Element<Number, 2> operator()(const std::array<Number, 2>& input, bool) const {
    const Number a = input[0] - input[1];
    const Number slope = a > 0 ? Number(1) : a < 0 ? Number(-1) : a;  // 0 and NaN are themselves
    return {abs(a), {slope, -slope}};
  }
};

template std::size_t workspace_bytes(const Mae&, const Call<float>&);
template std::size_t workspace_bytes(const Mae&, const Call<double>&);
template void evaluate(const Mae&, const Call<float>&);
template void evaluate(const Mae&, const Call<double>&);

}  // namespace assay
