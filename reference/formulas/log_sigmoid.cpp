#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<LogSigmoid>(const Row& in) {
  return -log(1 + exp(-in("x")));
}

}  // namespace assay::reference
