#include "reference/graph/formula.hpp"

namespace assay::reference {
namespace {

// -log p and -log (1-p) are given: a convention cuts them, and nothing else.
Term focal(const Row& in, Real if_true, Real if_false) {
  const Real x = in("logits"), t = in("target"), alpha = in("alpha");
  const Real p = 1 / (1 + exp(-x)), not_p = 1 / (1 + exp(x));
  const Real cross_entropy = weigh(t, if_true) + weigh(1 - t, if_false);
  const Real missing = weigh(t, not_p) + weigh(1 - t, p);  // 1 - p_t
  const Real alpha_t = in.equals("alpha", -1) ? Real(1) : alpha * t + (1 - alpha) * (1 - t);
  return {weigh(alpha_t, power(missing, in("gamma")) * cross_entropy), alpha_t};
}

}  // namespace

template <>
Term formula<BinaryFocalWithLogits>(const Row& in) {
  const Real x = in("logits");
  return focal(in, log(1 + exp(-x)), log(1 + exp(x)));
}

// probabilities-clipped-1e-7, the only one.
template <>
Term conventional<BinaryFocalWithLogits>(std::string_view, const Row& in) {
  const Real p = clipped(in, 1 / (1 + exp(-in("logits"))));
  return focal(in, -log(p), -log(1 - p));
}

}  // namespace assay::reference
