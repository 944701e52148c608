#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<SquaredHinge>(const Row& in) {
  const Real margin = in("target") * in("score");
  const Real missing = positive_part(1 - margin), scale = maximum({1, abs(margin)});
  return {missing * missing, scale * scale};
}

}  // namespace assay::reference
