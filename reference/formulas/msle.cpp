#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Msle>(const Row& in) {
  const Real d = log(1 + in("prediction")) - log(1 + in("target"));
  return d * d;
}

// inputs-floored-1e-7, the only one.
template <>
Term conventional<Msle>(std::string_view, const Row& in) {
  const Real floor = Real(1) / 10'000'000;
  const Real d = log(1 + maximum({in("prediction"), floor})) - log(1 + maximum({in("target"), floor}));
  return d * d;
}

}  // namespace assay::reference
