#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Brier>(const Row& in) {
  const Vector p = in.row("probability"), t = in.row("target");
  Vector squares;
  for (std::size_t c = 0; c < p.size(); ++c) {
    const Real error = p[c] - t[c];
    squares.push_back(error * error);
  }
  return sum(squares);
}

}  // namespace assay::reference
