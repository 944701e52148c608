#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<MarginRanking>(const Row& in) {
  const Real x1 = in("x1"), x2 = in("x2"), margin = in("margin");
  return {positive_part(-(in("target") * (x1 - x2)) + margin), maximum({abs(x1), abs(x2), abs(margin)})};
}

}  // namespace assay::reference
