#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<SoftMargin>(const Row& in) {
  return log(1 + exp(-(in("target") * in("score"))));
}

}  // namespace assay::reference
