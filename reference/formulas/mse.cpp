#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Mse>(const Row& in) {
  const Real r = in("prediction") - in("target");
  return r * r;
}

}  // namespace assay::reference
