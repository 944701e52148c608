#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Exponential>(const Row& in) {
  return exp(-(in("target") * in("score")));
}

}  // namespace assay::reference
