#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<NtXent>(const Row& in) {
  const std::int64_t i = in.index(), count = in.extent('N'), pair = (i + count / 2) % count;
  const Vector z = in.direction(in.row("z"));
  auto power = [&](std::int64_t k) {
    return exp(mark(dot(z, in.direction(in.at(k).row("z"))) / in("temperature")));
  };
  Real numerator, denominator = 0;
  for (std::int64_t k = 0; k < count; ++k) {
    if (k == i) continue;
    const Real each = power(k);
    denominator = denominator + each;
    if (k == pair) numerator = each;
  }
  return {-log(numerator / denominator), 1 / in("temperature")};
}

}  // namespace assay::reference
