#include "reference/graph/formula.hpp"

namespace assay::reference {
namespace {

// d/dx_k of sum_j s_j p_j is p_k s_k - p_k sum_j p_j s_j: the two numbers that an implementation subtracts.
Vector subtracted(const Vector& p, const Vector& s) {
  const Real all = dot(p, s);
  Vector bound;
  for (std::size_t k = 0; k < p.size(); ++k) bound.push_back(abs(p[k] * s[k]) + abs(p[k] * all));
  return bound;
}

}  // namespace

template <>
Term formula<Softmax>(const Row& in) {
  Vector powers, shares;
  for (Real x : in.row("x")) powers.push_back(exp(x));
  const Real total = sum(powers);
  for (Real power : powers) shares.push_back(power / total);
  Term term(shares);
  term.gradient_sensitivity_floor = subtracted;
  return term;
}

}  // namespace assay::reference
