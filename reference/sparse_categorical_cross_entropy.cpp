#include "reference/formula.hpp"

namespace assay::reference {

template <>
Term formula<SparseCategoricalCrossEntropy>(const Row& in) {
  const std::int64_t label = in.label("labels");
  if (label == in.whole("ignore_index")) return Term::dropped();
  return -log(in.row("probability")[static_cast<std::size_t>(label)]);
}

}  // namespace assay::reference
