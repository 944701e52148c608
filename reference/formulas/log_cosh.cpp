#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<LogCosh>(const Row& in) {
  return log(cosh(in("prediction") - in("target")));
}

}  // namespace assay::reference
