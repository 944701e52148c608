#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<MultilabelSoftMargin>(const Row& in) {
  const Vector x = in.row("logits"), t = in.row("target");
  const Vector w = in.has("weight") ? in.row("weight") : Vector(x.size(), 1);
  Vector terms;
  for (std::size_t c = 0; c < x.size(); ++c)
    terms.push_back(weigh(w[c], weigh(t[c], log(1 + exp(-x[c]))) + weigh(1 - t[c], log(1 + exp(x[c])))));
  return {sum(terms) / x.size(), sum(w) / x.size()};
}

}  // namespace assay::reference
