#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<MultipleNegativesRanking>(const Row& in) {
  const Vector anchor = in.direction(in.row("anchor"));
  Vector powers;
  for (std::int64_t j = 0; j < in.extent('N'); ++j)
    powers.push_back(exp(mark(in("scale") * dot(anchor, in.direction(in.at(j).row("positive"))))));
  return {-log(powers[static_cast<std::size_t>(in.index())] / sum(powers)), in("scale")};
}

}  // namespace assay::reference
