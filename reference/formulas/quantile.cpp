#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Quantile>(const Row& in) {
  const Real u = in("target") - in("prediction"), q = in("q");
  return maximum({q * u, (q - 1) * u});
}

}  // namespace assay::reference
