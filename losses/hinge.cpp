#include "losses/catalogue.hpp"
#include "losses/element_wise.hpp"

namespace assay {

/// m and -t where m = 1 - t x is positive, else 0 and 0: the kink m = 0 belongs to the flat side. t x is
/// exact, and the difference never rounds to the wrong sign, nor to 0 unless it is. Limits at t x = +-inf: 0
/// with slope 0, inf with slope -t.
template <class T>
struct Formula<Hinge, T> {
  using Number = Wide<T>;
  explicit Formula(const Hinge&) {}

  Element<Number, 2> operator()(const std::array<Number, 2>& input, bool) const {
    const auto& [x, t] = input;
    if (!is_nan(t) && abs(t) != 1) return undefined<Number, 2>();
    const Number m = Number(1) - t * x;
    if (m <= 0) return {};
    return {m, {is_nan(m) ? m : -t}};
  }
};

template std::size_t workspace_bytes(const Hinge&, const Call<float>&);
template std::size_t workspace_bytes(const Hinge&, const Call<double>&);
template void evaluate(const Hinge&, const Call<float>&);
template void evaluate(const Hinge&, const Call<double>&);

}  // namespace assay
