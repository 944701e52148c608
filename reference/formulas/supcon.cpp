#include "reference/graph/formula.hpp"

namespace assay::reference {
namespace {

// Equation 2 for one anchor, whose positives share its label; nothing for an anchor without one.
Vector losses(const Row& in) {
  const Vector z = in.direction(in.row("z"));
  Vector powers, positives, result;
  for (std::int64_t a = 0; a < in.extent('N'); ++a) {
    if (a == in.index()) continue;
    const Row other = in.at(a);
    powers.push_back(exp(mark(dot(z, in.direction(other.row("z"))) / in("temperature"))));
    if (other.label("labels") == in.label("labels")) positives.push_back(powers.back());
  }
  const Real all = sum(powers);
  for (Real p : positives) result.push_back(-log(p / all));
  return result;
}

}  // namespace

template <>
Term formula<SupCon>(const Row& in) {
  const Vector each = losses(in);
  if (each.empty()) return Term::dropped();
  return {sum(each) / each.size(), 1 / in("temperature")};
}

// lone-rows-counted, the only one.
template <>
Term conventional<SupCon>(std::string_view, const Row& in) {
  const Vector each = losses(in);
  return {each.empty() ? Real(0) : sum(each) / each.size(), 1 / in("temperature")};
}

}  // namespace assay::reference
