#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<CategoricalCrossEntropy>(const Row& in) {
  const Vector p = in.row("probability"), t = in.row("target");
  Vector terms;
  for (std::size_t c = 0; c < p.size(); ++c) terms.push_back(weigh(t[c], log(p[c])));
  return {-sum(terms), sum(t)};
}

// normalized-then-clipped-1e-7, the only one.
template <>
Term conventional<CategoricalCrossEntropy>(std::string_view, const Row& in) {
  const Vector p = in.row("probability"), t = in.row("target");
  const Real all = sum(p);
  Vector terms;
  for (std::size_t c = 0; c < p.size(); ++c) terms.push_back(weigh(t[c], log(clipped(in, p[c] / all))));
  return {-sum(terms), sum(t)};
}

}  // namespace assay::reference
