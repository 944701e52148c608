#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<TweedieDeviance>(const Row& in) {
  const Real x = in("prediction"), t = in("target"), p = in("power");
  if (in.equals("power", 0)) return {(x - t) * (x - t), (x - t) * (x - t)};
  if (in.equals("power", 1)) {
    const Real ratio = divergence_term(t, x);
    return {2 * (ratio - t + x), 2 * maximum({abs(ratio), t, x})};
  }
  if (in.equals("power", 2)) {
    const Real ratio = log(x / t);
    return {2 * (ratio + t / x - 1), 2 * maximum({abs(ratio), t / x, 1})};
  }
  const Real alone = power(t, 2 - p) / ((1 - p) * (2 - p)), mixed = t * power(x, 1 - p) / (1 - p),
             other = power(x, 2 - p) / (2 - p);
  return {2 * (alone - mixed + other), 2 * maximum({abs(alone), abs(mixed), other})};
}

// halved, the only one.
template <>
Term conventional<TweedieDeviance>(std::string_view, const Row& in) {
  const Term whole = formula<TweedieDeviance>(in);
  return {whole.value.at(0) / 2, whole.scale};
}

}  // namespace assay::reference
