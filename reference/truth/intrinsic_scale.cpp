#include "reference/truth/intrinsic_scale.hpp"

#include <algorithm>

namespace assay::reference {

std::vector<double> intrinsic_scales(const RecordedCase& r, std::span<const std::int32_t> roots,
                                     std::span<const Real> adjoints, const InputDependence& dependence,
                                     const std::function<double(std::int32_t)>& magnitude) {
  std::vector<double> result(roots.size(), 0);
  std::vector<double> own;
  double total = 0;
  for (const RecordedTerm& t : r.terms) {
    own.push_back(magnitude(t.term.scale.index()));
    const bool shared = r.question.reduction == Reduction::mean && t.term.divisor_in_mean.index() >= 0;
    total += own.back() / (shared ? magnitude(t.term.divisor_in_mean.index()) : 1);
  }

  if (r.question.reduction == Reduction::none) {
    std::size_t i = 0;
    for (std::size_t k = 0; k < r.terms.size(); ++k)
      for (std::size_t v = 0; v < r.terms[k].term.value.size(); ++v) result[i++] = own[k];
  } else {
    const double divisor = r.question.reduction == Reduction::mean ? magnitude(r.divisor.index()) : 1;
    if (divisor > 0) result[0] = total / divisor;
  }
  if (adjoints.empty()) return result;

  std::vector<double> by_node(r.graph.nodes.size(), 0);
  for (std::size_t k = 0; k < r.terms.size(); ++k) {
    if (r.terms[k].dropped) continue;
    double factor = 0;
    for (Real v : r.terms[k].term.value)
      factor = std::max(factor, magnitude(adjoints[static_cast<std::size_t>(v.index())].index()));
    if (factor * own[k] == 0) continue;
    std::vector<std::int32_t> touched;
    for (Real v : r.terms[k].term.value) {
      const auto more = dependence.leaves(v.index());
      touched.insert(touched.end(), more.begin(), more.end());
    }
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    for (std::int32_t leaf : touched) by_node[static_cast<std::size_t>(leaf)] += factor * own[k];
  }
  std::size_t i = r.values.size();
  for (const std::string& name : r.question.wrt)
    for (Real leaf : r.inputs.leaves.find(name)->second) {
      double scale = by_node[static_cast<std::size_t>(leaf.index())];
      if (const auto length = r.inputs.normalizers.find(leaf.index()); length != r.inputs.normalizers.end()) {
        const double norm = magnitude(length->second.index());
        if (norm > 0) scale /= norm;
      }
      result[i++] = scale;
    }
  return result;
}

}  // namespace assay::reference
