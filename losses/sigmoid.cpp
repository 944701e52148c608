#include "losses/catalogue.hpp"
#include "losses/element_wise.hpp"

namespace assay {

/// s = 1/(1+e^-x), ds/dx = s (1-s) = e^-|x| / (1+e^-|x|)^2.
///
/// Of q = e^-|x|, in (0, 1], both are quotients of sums of positive terms: no cancellation on either side,
/// and no overflow. Limits: q = 0 gives 1 and 0, and slope 0.
template <class T>
struct Formula<Sigmoid, T> {
  using Number = Wide<T>;
  explicit Formula(const Sigmoid&) {}

  Element<Number, 1> operator()(const std::array<Number, 1>& input, bool wanted) const {
    const Number& x = input[0];
    const Number q = exp(-abs(x));
    const Number share = Number(1) / (Number(1) + q);
    Element<Number, 1> e{x < 0 ? q * share : share, {}};
    if (wanted) e.slope = {q * square(share)};
    return e;
  }
};

template std::size_t workspace_bytes(const Sigmoid&, const Call<float>&);
template std::size_t workspace_bytes(const Sigmoid&, const Call<double>&);
template void evaluate(const Sigmoid&, const Call<float>&);
template void evaluate(const Sigmoid&, const Call<double>&);

}  // namespace assay
