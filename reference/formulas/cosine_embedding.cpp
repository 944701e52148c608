#include "reference/graph/formula.hpp"

namespace assay::reference {
namespace {

Term embedded(const Row& in, Real cos) {
  // The target is -1 or 1.
  return {where(in("target") <= 0, positive_part(cos - in("margin")), 1 - cos), 1};
}

}  // namespace

template <>
Term formula<CosineEmbedding>(const Row& in) {
  const Vector x = in.row("x1"), y = in.row("x2");
  in.normalized_by(x, norm(x));
  in.normalized_by(y, norm(y));
  return embedded(in, cosine(x, y));
}

// squares-plus-1e-12, the only one.
template <>
Term conventional<CosineEmbedding>(std::string_view, const Row& in) {
  const Vector x = in.row("x1"), y = in.row("x2");
  const Real epsilon = Real(1) / 1'000'000'000'000;
  return embedded(in, dot(x, y) / sqrt((dot(x, x) + epsilon) * (dot(y, y) + epsilon)));
}

}  // namespace assay::reference
