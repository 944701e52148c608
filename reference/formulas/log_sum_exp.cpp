#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<LogSumExp>(const Row& in) {
  Vector powers;
  for (Real x : in.row("x")) powers.push_back(exp(x));
  return log(sum(powers));
}

}  // namespace assay::reference
