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

// targets-sum-to-one, the only one: of log_softmax(x)_c = x_c - lse(x), the second term is not multiplied.
template <>
Term conventional<CategoricalCrossEntropyWithLogits>(std::string_view, const Row& in) {
  const Vector x = in.row("logits"), t = in.row("target");
  const Real s = in("label_smoothing"), classes = x.size();
  Vector powers, terms;
  for (std::size_t c = 0; c < x.size(); ++c) {
    powers.push_back(exp(x[c]));
    terms.push_back(weigh(weigh(1 - s, t[c]) + s / classes, x[c]));
  }
  return {log(sum(powers)) - sum(terms), 1};
}

}  // namespace assay::reference
