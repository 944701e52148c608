#include "reference/formula.hpp"

namespace assay::reference {

template <>
Term formula<BinaryCrossEntropy>(const Row& in) {
  const Real p = in("probability"), t = in("target");
  return {-(weigh(t, log(p)) + weigh(1 - t, log(1 - p))), 1};
}

// log-clamped-100, the only one: PyTorch's documented clamp, and the floor of its backward pass.
template <>
Term conventional<BinaryCrossEntropy>(std::string_view, const Row& in) {
  const Real p = in("probability"), t = in("target");
  auto clamped_log = [](Real x) { return maximum({log(x), -100}); };
  Term term(-(weigh(t, clamped_log(p)) + weigh(1 - t, clamped_log(1 - p))), 1);
  const Real floor = 1 / Real(std::int64_t{1'000'000'000'000});
  term.slopes.emplace("probability", (p - t) / maximum({p * (1 - p), floor}));
  return term;
}

}  // namespace assay::reference
