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
  auto of_logarithms = [&](Real own, Real other) {
    return Term(-(weigh(t, log(own)) + weigh(1 - t, log(other))), 1);
  };
  if (name == "probabilities-clipped-1e-7" || name == "probabilities-clipped-epsilon") {
    const Real near = name.ends_with("1e-7") ? clipped(in, p) : clipped_at_epsilon(in, p);
    return of_logarithms(near, 1 - near);
  }
  if (name.starts_with("logarithms-of-p-plus-")) {
    const Real more = in.rounded(1, name.ends_with("1e-7") ? 10'000'000 : 10'000'000'000);
    return of_logarithms(p + more, 1 - p + more);
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
