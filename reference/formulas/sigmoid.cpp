#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Sigmoid>(const Row& in) {
  return 1 / (1 + exp(-in("x")));
}

}  // namespace assay::reference
