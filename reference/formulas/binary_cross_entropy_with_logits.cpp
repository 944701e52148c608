#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<BinaryCrossEntropyWithLogits>(const Row& in) {
  const Real x = in("logits"), t = in("target");
  const Real w = in.has("pos_weight") ? in("pos_weight") : Real(1);
  return {weigh(t, weigh(w, log(1 + exp(-x)))) + weigh(1 - t, log(1 + exp(x))), t * w + (1 - t)};
}

}  // namespace assay::reference
