#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<TripletMargin>(const Row& in) {
  const Vector a = in.row("anchor"), p = in.row("positive"), n = in.row("negative");
  auto distance = [&](const Vector& u, const Vector& v) {
    Vector difference, size;
    for (std::size_t i = 0; i < u.size(); ++i) {
      difference.push_back(u[i] - v[i]);
      size.push_back(abs(difference[i]));
    }
    if (in.whole("p") == 2) return in.flag("squared") ? dot(difference, difference) : norm(difference);
    return in.flag("squared") ? sum(size) * sum(size) : sum(size);
  };
  const Real near = distance(a, p), margin = in("margin");
  const Real far = in.flag("swap") ? minimum({distance(a, n), distance(p, n)}) : distance(a, n);
  return {positive_part(near - far + margin), maximum({near, far, abs(margin)})};
}

}  // namespace assay::reference
