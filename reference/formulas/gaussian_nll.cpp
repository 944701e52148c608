#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<GaussianNll>(const Row& in) {
  const Real r = in("prediction") - in("target"), v = in("variance");
  const Real fit = r * r / v;
  const Real scale = maximum({abs(log(v)), fit}) / 2;
  if (in.flag("full")) return {(log(v) + fit) / 2 + log(2 * pi()) / 2, scale};
  return {(log(v) + fit) / 2, scale};
}

}  // namespace assay::reference
