#include "reference/graph/formula.hpp"

namespace assay::reference {
namespace {

struct Overlaps {
  Real above, below;
};

Overlaps overlaps(const Row& in) {
  const Vector p = in.row("probability"), g = in.row("target");
  Vector without_p, without_g;
  for (std::size_t c = 0; c < p.size(); ++c) {
    without_p.push_back(1 - p[c]);
    without_g.push_back(1 - g[c]);
  }
  const Real tp = dot(p, g), fp = dot(p, without_g), fn = dot(without_p, g), s = in("smooth");
  return {tp + s, tp + in("alpha") * fp + in("beta") * fn + s};
}

}  // namespace

template <>
Term formula<Tversky>(const Row& in) {
  const Overlaps s = overlaps(in);
  return {1 - overlap(s.above, s.below), 1};
}

// denominator-plus-1e-7, the only one.
template <>
Term conventional<Tversky>(std::string_view, const Row& in) {
  const Overlaps s = overlaps(in);
  return {1 - s.above / (s.below + Real(1) / 10'000'000), 1};
}

}  // namespace assay::reference
