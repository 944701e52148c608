#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<KlDivergence>(const Row& in) {
  const Vector p = in.row("target"), q = in.row("probability");
  Vector terms;
  for (std::size_t c = 0; c < p.size(); ++c) terms.push_back(divergence_term(p[c], q[c]));
  return {sum(terms), sum(p)};
}

template <>
Term conventional<KlDivergence>(std::string_view name, const Row& in) {
  if (name == "mean-over-elements") {
    const Term row = formula<KlDivergence>(in);
    return {in.averaged() ? row.value.at(0) / in.extent('C') : row.value.at(0), row.scale};
  }
  const Real least = in.rounded(1, 10'000'000);
  auto clipped = [&](Real x) { return minimum({maximum({x, least}), 1}); };
  const Vector p = in.row("target"), q = in.row("probability");
  Vector terms;
  for (std::size_t c = 0; c < p.size(); ++c)
    if (name == "logarithms-of-clipped-1e-7")
      terms.push_back(weigh(p[c], log(clipped(p[c]) / clipped(q[c]))));
    else  // inputs-clipped-1e-7
      terms.push_back(divergence_term(clipped(p[c]), clipped(q[c])));
  return {sum(terms), sum(p)};
}

}  // namespace assay::reference
