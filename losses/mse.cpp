#include "losses/catalogue.hpp"
#include "losses/element_wise.hpp"

namespace assay {

/// a^2 and 2a, a = x-t. Limits at x = +-inf: inf, +-inf, -+inf, which the arithmetic gives by itself.
template <class T>
struct Formula<Mse, T> {
  using Number = Wide<T>;
  explicit Formula(const Mse&) {}

  Element<Number, 2> operator()(const std::array<Number, 2>& input, bool) const {
    const Number a = input[0] - input[1];
    const Number slope = a + a;
    return {square(a), {slope, -slope}};
  }
};

template std::size_t workspace_bytes(const Mse&, const Call<float>&);
template std::size_t workspace_bytes(const Mse&, const Call<double>&);
template void evaluate(const Mse&, const Call<float>&);
template void evaluate(const Mse&, const Call<double>&);

}  // namespace assay
