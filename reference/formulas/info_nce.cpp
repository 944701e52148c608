#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<InfoNce>(const Row& in) {
  const Real temperature = in("temperature");
  auto direction = [&](const Vector& v) { return in.flag("normalize") ? in.direction(v) : v; };
  const Vector query = direction(in.row("query"));
  auto score = [&](const Vector& other) { return mark(dot(query, direction(other)) / temperature); };

  Vector powers{exp(score(in.row("positive")))};
  for (const Vector& negative : in.matrix("negative")) powers.push_back(exp(score(negative)));
  return {-log(powers.front() / sum(powers)), 1 / temperature};
}

}  // namespace assay::reference
