#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Hinge>(const Row& in) {
  const Real margin = in("target") * in("score");
  return {positive_part(1 - margin), maximum({1, abs(margin)})};
}

}  // namespace assay::reference
