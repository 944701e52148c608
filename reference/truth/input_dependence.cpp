#include "reference/truth/input_dependence.hpp"

#include <algorithm>

namespace assay::reference {

InputDependence::InputDependence(const RecordedCase& recorded)
    : graph_(recorded.graph), is_input_(graph_.nodes.size(), 0), seen_(graph_.nodes.size(), 0) {
  for (const auto& [name, leaves] : recorded.inputs.leaves)
    for (Real leaf : leaves) is_input_[static_cast<std::size_t>(leaf.index())] = 1;
}

std::vector<std::int32_t> InputDependence::leaves(std::int32_t node) const {
  std::vector<std::int32_t> found, open;
  if (node < 0) return found;
  ++visit_;
  auto visit = [&](std::int32_t n) {
    if (seen_[static_cast<std::size_t>(n)] == visit_) return;
    seen_[static_cast<std::size_t>(n)] = visit_;
    open.push_back(n);
  };
  visit(node);
  while (!open.empty()) {
    const std::int32_t n = open.back();
    open.pop_back();
    if (is_input_[static_cast<std::size_t>(n)]) found.push_back(n);
    graph_.each_operand(n, visit);
  }
  return found;
}

std::int64_t InputDependence::count(std::int32_t node) const {
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(leaves(node).size()));
}

}  // namespace assay::reference
