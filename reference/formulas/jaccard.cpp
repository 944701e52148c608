#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Jaccard>(const Row& in) {
  const Vector p = in.row("probability"), g = in.row("target");
  const Real both = dot(p, g), s = in("smooth");
  return {1 - overlap(both + s, sum(p) + sum(g) - both + s), 1};
}

}  // namespace assay::reference
