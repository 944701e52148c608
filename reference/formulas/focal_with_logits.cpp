#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<FocalWithLogits>(const Row& in) {
  const auto y = static_cast<std::size_t>(in.label("labels"));
  const Real w = in.has("weight") ? in.row("weight")[y] : Real(1);
  const auto [p, rest] = softmax_shares(in.row("logits"), y);
  return {weigh(w, -(power(rest, in("gamma")) * log(p))), w};
}

// probabilities-clipped-1e-7, the only one.
template <>
Term conventional<FocalWithLogits>(std::string_view, const Row& in) {
  const auto y = static_cast<std::size_t>(in.label("labels"));
  const Real w = in.has("weight") ? in.row("weight")[y] : Real(1);
  const Real p = clipped(in, softmax_shares(in.row("logits"), y).own);
  return {weigh(w, -(power(1 - p, in("gamma")) * log(p))), w};
}

}  // namespace assay::reference
