#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<CategoricalCrossEntropyWithLogits>(const Row& in) {
  const Vector x = in.row("logits"), t = in.row("target");
  const Real s = in("label_smoothing"), classes = x.size();
  const Vector l = log_softmax(x);
  Vector terms, smoothed;
  for (std::size_t c = 0; c < x.size(); ++c) {
    smoothed.push_back(weigh(1 - s, t[c]) + s / classes);
    terms.push_back(weigh(smoothed[c], l[c]));
  }
  return {-sum(terms), sum(smoothed)};
}

}  // namespace assay::reference
