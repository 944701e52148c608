#include "losses/catalogue.hpp"
#include "losses/element_wise.hpp"

namespace assay {

/// e^{-t x} and -t e^{-t x}, t in {-1, 1}. Limits at t x = +-inf: 0 with slope 0, inf with slope -t inf.
template <class T>
struct Formula<Exponential, T> {
  using Number = Wide<T>;
  explicit Formula(const Exponential&) {}

  Element<Number, 2> operator()(const std::array<Number, 2>& input, bool) const {
    const auto& [x, t] = input;
    if (!is_nan(t) && abs(t) != 1) return undefined<Number, 2>();
    const Number value = exp(-(t * x));
    return {value, {-(t * value)}};
  }
};

template std::size_t workspace_bytes(const Exponential&, const Call<float>&);
template std::size_t workspace_bytes(const Exponential&, const Call<double>&);
template void evaluate(const Exponential&, const Call<float>&);
template void evaluate(const Exponential&, const Call<double>&);

}  // namespace assay
