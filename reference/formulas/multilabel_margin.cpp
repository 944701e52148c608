#include <algorithm>

#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<MultilabelMargin>(const Row& in) {
  const Vector x = in.row("score");
  const std::vector<std::size_t> labels = in.list_of_labels("labels");
  Vector terms, sizes{1};
  for (Real each : x) sizes.push_back(abs(each));
  for (std::size_t y : labels)
    for (std::size_t j = 0; j < x.size(); ++j)
      if (std::ranges::find(labels, j) == labels.end())
        terms.push_back(positive_part(1 - difference(x[y], x[j])));
  return {sum(terms) / x.size(), maximum(sizes) / x.size()};
}

}  // namespace assay::reference
