#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<CosineDistance>(const Row& in) {
  const Vector x = in.row("x1"), y = in.row("x2");
  in.normalized_by(x, norm(x));
  in.normalized_by(y, norm(y));
  return {1 - cosine(x, y), 1};
}

}  // namespace assay::reference
