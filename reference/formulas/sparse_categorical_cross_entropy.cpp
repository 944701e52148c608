#include "reference/graph/formula.hpp"

namespace assay::reference {

template <>
Term formula<SparseCategoricalCrossEntropy>(const Row& in) {
  const std::int64_t label = in.label("labels");
  if (label == in.whole("ignore_index")) return Term::dropped();
  return -log(in.row("probability")[static_cast<std::size_t>(label)]);
}

// normalized-then-clipped-1e-7, the only one.
template <>
Term conventional<SparseCategoricalCrossEntropy>(std::string_view, const Row& in) {
  const std::int64_t label = in.label("labels");
  if (label == in.whole("ignore_index")) return Term::dropped();
  const Vector p = in.row("probability");
  return -log(clipped(in, p[static_cast<std::size_t>(label)] / sum(p)));
}

}  // namespace assay::reference
