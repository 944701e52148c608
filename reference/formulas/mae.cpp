#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Mae>(const Row& in) {
  return abs(in("prediction") - in("target"));
}

}  // namespace assay::reference
