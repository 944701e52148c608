#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<PolyCrossEntropyWithLogits>(const Row& in) {
  const auto y = static_cast<std::size_t>(in.label("labels"));
  const auto [p, rest] = softmax_shares(in.row("logits"), y);
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
