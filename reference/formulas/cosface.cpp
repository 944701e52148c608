#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<CosFace>(const Row& in) {
  const auto y = static_cast<std::size_t>(in.label("labels"));
  const Real s = in("scale"), m = in("margin");
  const Vector x = in.direction(in.row("embedding"));
  Vector powers;
  for (const Vector& w : in.matrix("weight")) {
    const Real scaled = mark(s * dot(x, in.direction(w)));
    powers.push_back(exp(powers.size() == y ? scaled - s * m : scaled));
  }
  return {-log(powers[y] / sum(powers)), s};
}

}  // namespace assay::reference
