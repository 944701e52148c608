#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<BinaryCrossEntropy>(const Row& in) {
  const Real p = in("probability"), t = in("target");
  return {-(weigh(t, log(p)) + weigh(1 - t, log(1 - p))), 1};
}

template <>
Term conventional<BinaryCrossEntropy>(std::string_view name, const Row& in) {
  const Real p = in("probability"), t = in("target");
  if (name == "probabilities-clipped-1e-7") {
    const Real near = clipped(in, p);
    return {-(weigh(t, log(near)) + weigh(1 - t, log(1 - near))), 1};
  }
  // log-clamped-100: PyTorch's documented clamp, and the floor of its backward pass.
  auto clamped_log = [](Real x) { return maximum({log(x), -100}); };
  Term term(-(weigh(t, clamped_log(p)) + weigh(1 - t, clamped_log(1 - p))), 1);
  // 1e-12 as the float that it is there, for doubles too: 9223372 / 2^63.
  const Real floor = Real(std::int64_t{9'223'372}) / Real(std::int64_t{1} << 62) / 2;
  term.convention_gradient.emplace("probability", (p - t) / maximum({p * (1 - p), floor}));
  term.convention_gradient.emplace(
      "target", log(1 - p) - log(p));  // the logarithms of the backward pass are not clamped
  return term;
}

}  // namespace assay::reference
