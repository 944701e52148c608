#include "reference/graph/recorded_gradients.hpp"

#include <span>
#include <utility>

#include "reference/graph/derivative.hpp"

namespace assay::reference {
namespace {

/// A convention's gradient stands in for the derivative of its terms.
std::vector<std::int32_t> conventional_gradient(RecordedCase& r, const std::string& input,
                                                std::span<const Real> adjoints) {
  std::vector<std::int32_t> result;
  for (const RecordedTerm& t : r.terms) {
    const Real adjoint = adjoints[static_cast<std::size_t>(t.term.value.front().index())];
    const auto slope = t.term.convention_gradient.find(input);
    result.push_back(adjoint.index() < 0 ? -1 : weigh(adjoint, slope->second).index());
  }
  return result;
}

Roots roots_of(RecordedCase& r, std::span<const Real> adjoints) {
  Roots roots;
  auto begin = [&](std::string tensor) {
    roots.tensors.push_back(std::move(tensor));
    roots.first_nodes.push_back(roots.nodes.size());
  };
  begin("value");
  for (const Real value : r.values) roots.nodes.push_back(value.index());
  for (const std::string& name : r.question.wrt) {
    begin("gradient." + name);
    if (!r.terms.empty() && r.terms.front().term.convention_gradient.contains(name)) {
      for (const std::int32_t node : conventional_gradient(r, name, adjoints)) roots.nodes.push_back(node);
      continue;
    }
    for (const Real leaf : r.inputs.leaves.find(name)->second)
      roots.nodes.push_back(adjoints[static_cast<std::size_t>(leaf.index())].index());
  }
  return roots;
}

std::vector<Real> sweep(RecordedCase& r) {
  if (r.question.wrt.empty()) return {};
  std::vector<std::pair<Real, Real>> outputs;
  for (std::size_t i = 0; i < r.values.size(); ++i) outputs.emplace_back(r.values[i], r.seeds[i]);
  return differentiate(r.graph, outputs);
}

void add_more(const RecordedCase& r, std::vector<Real>& adjoints) {
  if (adjoints.empty()) return;
  for (const RecordedTerm& t : r.terms)
    for (const auto& [number, more] : t.term.added_gradient) {
      const Real adjoint = adjoints[static_cast<std::size_t>(t.term.value.front().index())];
      Real& slope = adjoints[static_cast<std::size_t>(number.index())];
      if (adjoint.index() < 0) continue;
      slope = slope.index() < 0 ? weigh(adjoint, more) : slope + weigh(adjoint, more);
    }
}

}  // namespace

std::string Roots::name(std::size_t node) const {
  std::size_t k = tensors.size() - 1;
  while (first_nodes[k] > node) --k;
  return tensors[k] + "[" + std::to_string(node - first_nodes[k]) + "]";
}

RecordedGradients::RecordedGradients(const Case& c, std::string_view convention, const StandIns& stand_ins)
    : recorded(record_case(c, convention, stand_ins)) {
  const Recording recording(recorded->graph);
  adjoints = sweep(*recorded);
  add_more(*recorded, adjoints);
  roots = roots_of(*recorded, adjoints);
}

}  // namespace assay::reference
