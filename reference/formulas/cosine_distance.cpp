#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<CosineDistance>(const Row& in) {
  const Vector x = in.row("x1"), y = in.row("x2");
  in.normalized_by(x, norm(x));
  in.normalized_by(y, norm(y));
  return {1 - cosine(x, y), 1};
}

template <>
Term conventional<CosineDistance>(std::string_view name, const Row& in) {
  const Vector x = in.row("x1"), y = in.row("x2");
  const Real product = dot(x, y);
  if (name == "rows-of-length-one") return {1 - product, 1};
  if (name == "cosine") return {product / maximum({norm(x) * norm(y), in.rounded(1, 100'000'000)}), 1};
  const Real least = in.rounded(1, 10'000'000);
  if (name == "negated-cosine")
    return {-(product / (maximum({norm(x), least}) * maximum({norm(y), least}))), 1};
  // negated-cosine-squares-floored-1e-7
  return {-(product / sqrt(maximum({dot(x, x), least}) * maximum({dot(y, y), least}))), 1};
}

}  // namespace assay::reference
