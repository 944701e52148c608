#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<MultiMargin>(const Row& in) {
  const auto y = static_cast<std::size_t>(in.label("labels"));
  const Vector x = in.row("score");
  const Real margin = in("margin"), w = in.has("weight") ? in.row("weight")[y] : Real(1);
  auto raised = [&](Real h) { return in.whole("p") == 2 ? h * h : h; };
  Vector terms, sizes{abs(margin)};
  for (std::size_t j = 0; j < x.size(); ++j) {
    sizes.push_back(abs(x[j]));
    if (j != y) terms.push_back(raised(positive_part(margin - difference(x[y], x[j]))));
  }
  return {weigh(w, sum(terms) / x.size()), weigh(w, raised(maximum(sizes)) / x.size())};
}

}  // namespace assay::reference
