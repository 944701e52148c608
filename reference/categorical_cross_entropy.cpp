#include "reference/formula.hpp"

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
  const Real all = sum(p), low = in.rounded(1, 10'000'000), high = in.rounded(9'999'999, 10'000'000);
  Vector terms;
  for (std::size_t c = 0; c < p.size(); ++c)
    terms.push_back(weigh(t[c], log(minimum({maximum({p[c] / all, low}), high}))));
  return {-sum(terms), sum(t)};
}

}  // namespace assay::reference
