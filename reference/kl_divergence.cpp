#include "reference/formula.hpp"

namespace assay::reference {

template <>
Term formula<KlDivergence>(const Row& in) {
  const Vector p = in.row("target"), q = in.row("probability");
  Vector terms;
  for (std::size_t c = 0; c < p.size(); ++c) terms.push_back(divergence_term(p[c], q[c]));
  return {sum(terms), sum(p)};
}

}  // namespace assay::reference
