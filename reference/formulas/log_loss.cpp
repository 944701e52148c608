#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<LogLoss>(const Row& in) {
  const Real p = in("probability"), t = in("target"), unit = log(in("base"));
  return {-(weigh(t, log(p)) + weigh(1 - t, log(1 - p))) / unit, 1 / abs(unit)};
}

}  // namespace assay::reference
