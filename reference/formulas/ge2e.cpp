#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Ge2e>(const Row& in) {
  const std::int64_t j = in.index(0), i = in.index(1);
  const Vector e = in.row("embedding"), direction = normalized(e);
  in.normalized_by(e, norm(e));

  auto centroid = [&](std::int64_t k) {  // equations 1 and 8
    Vector mean(e.size(), 0);
    std::int64_t count = 0;
    for (std::int64_t m = 0; m < in.extent('U'); ++m) {
      if (k == j && m == i) continue;
      const Vector other = in.at(k, m).row("embedding");
      for (std::size_t d = 0; d < mean.size(); ++d) mean[d] = mean[d] + other[d];
      ++count;
    }
    for (Real& each : mean) each = each / count;
    return mean;
  };
  Vector powers, others;
  Real own_power, own;
  for (std::int64_t k = 0; k < in.extent('S'); ++k) {
    const Real s = mark(in("w") * dot(direction, normalized(centroid(k)))) + in("b");  // equations 5 and 9
    powers.push_back(exp(s));
    const Real sigmoid = 1 / (1 + exp(-s));
    if (k != j) others.push_back(sigmoid);
    if (k == j) own = sigmoid, own_power = powers.back();
  }
  // A single speaker is certain, by either variant.
  if (in.text("variant") == "contrast" && !others.empty())
    return {1 - own + maximum(others), in("w")};    // equation 7
  return {-log(own_power / sum(powers)), in("w")};  // equation 6
}

}  // namespace assay::reference
