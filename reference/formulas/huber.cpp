#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Huber>(const Row& in) {
  const Real a = in("prediction") - in("target"), delta = in("delta");
  return where(abs(a) <= delta, a * a / 2, delta * (abs(a) - delta / 2));
}

}  // namespace assay::reference
