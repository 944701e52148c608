#include "reference/formula.hpp"

namespace assay::reference {

template <>
Term formula<SparseCategoricalCrossEntropyWithLogits>(const Row& in) {
  const std::int64_t label = in.label("labels");
  if (label == in.whole("ignore_index")) return Term::dropped();
  const auto y = static_cast<std::size_t>(label);
  const Vector x = in.row("logits"), l = log_softmax(x);
  const Vector w = in.has("weight") ? in.row("weight") : Vector(x.size(), 1);
  const Real s = in("label_smoothing"), classes = x.size();
  Vector terms;
  for (std::size_t c = 0; c < x.size(); ++c) terms.push_back(weigh(s / classes, weigh(w[c], l[c])));
  Term term(-(weigh(1 - s, weigh(w[y], l[y])) + sum(terms)), (1 - s) * w[y] + s / classes * sum(w));
  term.weight = w[y];
  return term;
}

}  // namespace assay::reference
