#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<HingeEmbedding>(const Row& in) {
  const Real x = in("distance"), margin = in("margin");
  // The label chooses; nothing is continuous between -1 and 1.
  const AtMost apart = in("target") <= 0;
  return {where(apart, positive_part(margin - x), x), where(apart, maximum({abs(margin), abs(x)}), abs(x))};
}

}  // namespace assay::reference
