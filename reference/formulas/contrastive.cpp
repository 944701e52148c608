#include "reference/graph/formula.hpp"

namespace assay::reference {
namespace {

Term contrastive(const Row& in, Real shift) {
  const Vector x = in.row("x1"), y = in.row("x2");
  Vector difference;
  for (std::size_t i = 0; i < x.size(); ++i) difference.push_back(x[i] - y[i] + shift);
  const Real distance = norm(difference), dissimilar = in("target"), margin = in("margin");
  const Real near = positive_part(margin - distance), widest = maximum({distance, abs(margin)});
  return {weigh(1 - dissimilar, dot(difference, difference) / 2) + weigh(dissimilar, near * near / 2),
          weigh(1 - dissimilar, distance * distance / 2) + weigh(dissimilar, widest * widest / 2)};
}

}  // namespace

template <>
Term formula<Contrastive>(const Row& in) {
  return contrastive(in, 0);
}

// differences-plus-1e-6, the only one.
template <>
Term conventional<Contrastive>(std::string_view, const Row& in) {
  return contrastive(in, in.rounded(1, 1'000'000));
}

}  // namespace assay::reference
