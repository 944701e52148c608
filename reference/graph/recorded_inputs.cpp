#include "reference/graph/recorded_inputs.hpp"

#include <utility>

namespace assay::reference {

// An axis of the input that rows have too is fixed by the row's index; the others are left. In an
// element-wise loss what is left goes along the last leading axis, and repeats.
void RecordedInputs::lay_out() {
  const Record& facts = record();
  const Axes rows = facts.row_axes();
  for (const Input& input : facts.inputs) {
    const auto tensor = question->inputs.find(std::string(input.name));
    if (tensor == question->inputs.end()) continue;
    const auto extent = extents(*question, input);
    Layout l;
    l.name = input.name;
    if (input.integer)
      l.integers = &tensor->second.integer;
    else
      l.leaves = &leaves.find(input.name)->second;
    std::int64_t stride = 1;
    for (std::size_t k = input.axes.size(); k-- > 0;) {
      if (const auto at = rows.position(input.axes[k])) {
        l.row_strides[*at] = stride;
        if (*at == 1) second_extent = extent[k];
      } else if (facts.kind == Kind::element_wise) {
        l.modulus = extent[k];
      } else {
        l.extents.insert(l.extents.begin(), extent[k]);
        l.strides.insert(l.strides.begin(), stride);
      }
      stride *= extent[k];
    }
    layouts.push_back(std::move(l));
  }
}

}  // namespace assay::reference
