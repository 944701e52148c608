#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<JsDivergence>(const Row& in) {
  const Vector p = in.row("p"), q = in.row("q");
  // p log(p/m), whose logarithm is log 2 as long as the other number is 0, for p = 0 too.
  auto from_middle = [](Real of, Real other) {
    return weigh(of, where(other <= 0, log(2), log(of / ((of + other) / 2))));
  };
  Vector p_terms, q_terms;
  for (std::size_t c = 0; c < p.size(); ++c) {
    p_terms.push_back(from_middle(p[c], q[c]));
    q_terms.push_back(from_middle(q[c], p[c]));
  }
  return {sum(p_terms) / 2 + sum(q_terms) / 2, (sum(p) + sum(q)) / 2};
}

}  // namespace assay::reference
