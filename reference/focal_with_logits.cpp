#include "reference/formula.hpp"

namespace assay::reference {

template <>
Term formula<FocalWithLogits>(const Row& in) {
  const auto y = static_cast<std::size_t>(in.label("labels"));
  const Vector x = in.row("logits");
  const Real w = in.has("weight") ? in.row("weight")[y] : Real(1);
  Vector powers, others;
  for (Real each : x) powers.push_back(exp(each));
  for (std::size_t c = 0; c < x.size(); ++c)
    if (c != y) others.push_back(powers[c]);
  const Real total = sum(powers), p = powers[y] / total, rest = sum(others) / total;  // 1 - p
  return {weigh(w, -(power(rest, in("gamma")) * log(p))), w};
}

}  // namespace assay::reference
