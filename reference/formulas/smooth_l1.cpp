#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<SmoothL1>(const Row& in) {
  const Real a = in("prediction") - in("target"), beta = in("beta");
  return where(abs(a) <= beta, a * a / (2 * beta), abs(a) - beta / 2);
}

}  // namespace assay::reference
