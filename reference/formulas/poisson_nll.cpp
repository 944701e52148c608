#include "reference/graph/formula.hpp"

namespace assay::reference {
namespace {

Term poisson(const Row& in, Real eps) {
  const Real x = in("prediction"), t = in("target");
  const Real rate = in.flag("log_input") ? exp(x) : x;
  const Real by_count = weigh(t, in.flag("log_input") ? x : log(x + eps));
  const Real scale = maximum({rate, abs(by_count)});
  if (!in.flag("full")) return {rate - by_count, scale};
  // Stirling's approximation of log t!, where t > 1. At 1 it jumps from 0; t is no variable here.
  const Real log_factorial = t * log(t) - t + log(2 * pi() * t) / 2;
  return {rate - by_count + where(t <= 1, 0, log_factorial),
          where(t <= 1, scale, maximum({scale, t * log(t)}))};
}

}  // namespace

template <>
Term formula<PoissonNll>(const Row& in) {
  return poisson(in, in("eps"));
}

// rate-plus-1e-7, the only one.
template <>
Term conventional<PoissonNll>(std::string_view, const Row& in) {
  return poisson(in, in.rounded(1, 10'000'000));
}

}  // namespace assay::reference
