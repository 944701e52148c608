#include "reference/graph/formula.hpp"

namespace assay::reference {
namespace {

struct Sums {
  Real above, below;
};

Sums sums(const Row& in) {
  const Vector p = in.row("probability"), g = in.row("target");
  const Real size = in.flag("squared") ? dot(p, p) + dot(g, g) : sum(p) + sum(g);
  return {2 * dot(p, g) + in("smooth"), size + in("smooth")};
}

}  // namespace

template <>
Term formula<Dice>(const Row& in) {
  const Sums s = sums(in);
  return {1 - overlap(s.above, s.below), 1};
}

// denominator-plus-1e-7 and -1e-5.
template <>
Term conventional<Dice>(std::string_view name, const Row& in) {
  const Sums s = sums(in);
  return {1 - s.above / (s.below + Real(1) / (name.ends_with("1e-7") ? 10'000'000 : 100'000)), 1};
}

}  // namespace assay::reference
