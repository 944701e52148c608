#include "reference/graph/formula.hpp"

namespace assay::reference {
namespace {

// `shift` is added to each difference, `below` to each sum under the p-th root: 0 but in a convention.
Term triplet(const Row& in, Real shift, Real below) {
  const Vector a = in.row("anchor"), p = in.row("positive"), n = in.row("negative");
  auto distance = [&](const Vector& u, const Vector& v) {
    Vector difference, size;
    for (std::size_t i = 0; i < u.size(); ++i) {
      difference.push_back(u[i] - v[i] + shift);
      size.push_back(abs(difference[i]));
    }
    if (in.whole("p") == 2) {
      if (in.flag("squared")) return dot(difference, difference) + below;
      return is_zero_constant(below) ? norm(difference) : sqrt(dot(difference, difference) + below);
    }
    const Real all = sum(size) + below;
    return in.flag("squared") ? all * all : all;
  };
  const Real near = distance(a, p), margin = in("margin");
  const Real far = in.flag("swap") ? minimum({distance(a, n), distance(p, n)}) : distance(a, n);
  return {positive_part(near - far + margin), maximum({near, far, abs(margin)})};
}

}  // namespace

template <>
Term formula<TripletMargin>(const Row& in) {
  return triplet(in, 0, 0);
}

template <>
Term conventional<TripletMargin>(std::string_view name, const Row& in) {
  const Real little = in.rounded(1, 1'000'000);
  return name == "differences-plus-1e-6" ? triplet(in, little, 0) : triplet(in, 0, little);
}

}  // namespace assay::reference
