#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Entropy>(const Row& in) {
  const Vector p = in.row("p");
  Vector terms;
  for (Real each : p) terms.push_back(xlogy(each, each));
  return {-sum(terms), sum(p)};
}

}  // namespace assay::reference
