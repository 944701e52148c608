#include "reference/graph/formula.hpp"

namespace assay::reference {
namespace {

// Some of `among` beside the scores whose target is 0.
Term hinge(const Row& in, Vector among) {
  const Vector x = in.row("score"), t = in.row("target");
  const std::vector<bool> other = in.zeros("target");
  Vector chosen, sizes{1};
  for (std::size_t c = 0; c < x.size(); ++c) {
    if (other[c]) among.push_back(x[c]);
    chosen.push_back(weigh(t[c], x[c]));
    sizes.push_back(abs(x[c]));
  }
  if (among.empty()) return positive_part(-1 - abs(sum(chosen)));  // the maximum over no class is -infinity
  return {positive_part(1 + maximum(among) - sum(chosen)), maximum(sizes)};
}

}  // namespace

template <>
Term formula<CategoricalHinge>(const Row& in) {
  return hinge(in, {});
}

// zero-in-maximum, the only one: the true class takes part with (1-t) x = 0.
template <>
Term conventional<CategoricalHinge>(std::string_view, const Row& in) {
  return hinge(in, {0});
}

}  // namespace assay::reference
