#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<BinaryFocalWithLogits>(const Row& in) {
  const Real x = in("logits"), t = in("target"), alpha = in("alpha");
  const Real p = 1 / (1 + exp(-x)), not_p = 1 / (1 + exp(x));
  const Real cross_entropy = weigh(t, log(1 + exp(-x))) + weigh(1 - t, log(1 + exp(x)));
  const Real missing = weigh(t, not_p) + weigh(1 - t, p);  // 1 - p_t
  const Real alpha_t = in.equals("alpha", -1) ? Real(1) : alpha * t + (1 - alpha) * (1 - t);
  return {weigh(alpha_t, power(missing, in("gamma")) * cross_entropy), alpha_t};
}

}  // namespace assay::reference
