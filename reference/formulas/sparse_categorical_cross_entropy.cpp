#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<SparseCategoricalCrossEntropy>(const Row& in) {
  const std::int64_t label = in.label("labels");
  if (label == in.whole("ignore_index")) return Term::dropped();
  return -log(in.row("probability")[static_cast<std::size_t>(label)]);
}

template <>
Term conventional<SparseCategoricalCrossEntropy>(std::string_view name, const Row& in) {
  const std::int64_t label = in.label("labels");
  if (label == in.whole("ignore_index")) return Term::dropped();
  Vector p = in.row("probability");
  const auto y = static_cast<std::size_t>(label);
  if (name == "probabilities-clipped-epsilon") return -log(clipped_at_epsilon(in, p[y]));
  if (name == "probability-floored-sqrt-tiny")
    return -log(maximum({p[y], sqrt(in.number(in.format().smallest_normal()))}));
  if (name == "normalized-then-clipped-1e-7") return -log(clipped(in, p[y] / sum(p)));
  for (Real& each : p) each = clipped(in, each);
  const Real share = p[y] / sum(p);
  return -log(name == "clipped-1e-7-then-normalized" ? share : clipped(in, share));
}

}  // namespace assay::reference
