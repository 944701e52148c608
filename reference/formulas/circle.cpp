#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<Circle>(const Row& in) {
  const Vector sp = in.row("score_positive"), sn = in.row("score_negative");
  const Real scale = in("scale"), m = in("margin");
  if (sp.empty() || sn.empty()) return {0, scale};
  Vector positive, negative;
  for (Real s : sn) negative.push_back(exp(mark(scale * stop_gradient(positive_part(s + m)) * (s - m))));
  for (Real s : sp)
    positive.push_back(exp(mark(-(scale * stop_gradient(positive_part(1 + m - s)) * (s - (1 - m))))));
  return {log(1 + sum(negative) * sum(positive)), scale};
}

}  // namespace assay::reference
