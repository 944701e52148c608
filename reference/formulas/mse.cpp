#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Mse>(const Row& in) {
  const Real r = in("prediction") - in("target");
  return r * r;
}

// halved, the only one.
template <>
Term conventional<Mse>(std::string_view, const Row& in) {
  const Real r = in("prediction") - in("target");
  return r * r / 2;
}

}  // namespace assay::reference
