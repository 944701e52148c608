#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<LogSoftmax>(const Row& in) {
  return Term(log_softmax(in.row("x")));
}

}  // namespace assay::reference
