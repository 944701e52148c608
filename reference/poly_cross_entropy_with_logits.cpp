#include "reference/formula.hpp"

namespace assay::reference {

template <>
Term formula<PolyCrossEntropyWithLogits>(const Row& in) {
  const auto y = static_cast<std::size_t>(in.label("labels"));
  Vector powers, others;
  for (Real each : in.row("logits")) powers.push_back(exp(each));
  for (std::size_t c = 0; c < powers.size(); ++c)
    if (c != y) others.push_back(powers[c]);
  const Real total = sum(powers), p = powers[y] / total, rest = sum(others) / total;  // 1 - p
  Real loss = -log(p), scale = 1, basis = 1;
  std::int64_t degree = 0;
  for (Real epsilon : in.list("epsilon")) {
    ++degree;
    basis = basis * rest;
    const Real coefficient = in.flag("divide_by_degree") ? epsilon / degree : epsilon;
    loss = loss + weigh(coefficient, basis);
    scale = scale + abs(coefficient);
  }
  return {loss, scale};
}

}  // namespace assay::reference
