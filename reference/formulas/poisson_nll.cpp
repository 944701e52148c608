#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<PoissonNll>(const Row& in) {
  const Real x = in("prediction"), t = in("target");
  const Real rate = in.flag("log_input") ? exp(x) : x;
  const Real by_count = weigh(t, in.flag("log_input") ? x : log(x + in("eps")));
  const Real scale = maximum({rate, abs(by_count)});
  if (!in.flag("full")) return {rate - by_count, scale};
  // Stirling's approximation of log t!, where t > 1. At 1 it jumps from 0; t is no variable here.
  const Real log_factorial = t * log(t) - t + log(2 * pi() * t) / 2;
  return {rate - by_count + where(t <= 1, 0, log_factorial),
          where(t <= 1, scale, maximum({scale, t * log(t)}))};
}

}  // namespace assay::reference
