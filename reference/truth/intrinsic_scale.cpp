#include "reference/truth/intrinsic_scale.hpp"

#include <algorithm>
#include <map>

namespace assay::reference {

std::vector<double> intrinsic_scales(const RecordedCase& r, std::span<const std::int32_t> roots,
                                     std::span<const Real> adjoints, const InputDependence& dependence,
                                     Sensitivity& numbers) {
  std::vector<double> result(roots.size(), 0);
  std::vector<double> own;
  double total = 0;
  for (const RecordedTerm& t : r.terms) {
    own.push_back(numbers.magnitude(t.term.scale.index()));
    const bool shared = r.question.reduction == Reduction::mean && t.term.divisor_in_mean.index() >= 0;
    total += own.back() / (shared ? numbers.magnitude(t.term.divisor_in_mean.index()) : 1);
  }

  if (r.question.reduction == Reduction::none) {
    std::size_t i = 0;
    for (std::size_t k = 0; k < r.terms.size(); ++k)
      for (std::size_t v = 0; v < r.terms[k].term.value.size(); ++v) result[i++] = own[k];
  } else {
    const double divisor = r.question.reduction == Reduction::mean ? numbers.magnitude(r.divisor.index()) : 1;
    if (divisor > 0) result[0] = total / divisor;
  }
  if (adjoints.empty()) return result;

  std::map<std::int32_t, double> by_leaf;
  for (std::size_t k = 0; k < r.terms.size(); ++k) {
    if (r.terms[k].dropped) continue;
    double factor = 0;
    for (Real v : r.terms[k].term.value)
      factor = std::max(factor, numbers.magnitude(adjoints[static_cast<std::size_t>(v.index())].index()));
    std::vector<std::int32_t> touched;
    for (Real v : r.terms[k].term.value) {
      const auto more = dependence.leaves(v.index());
      touched.insert(touched.end(), more.begin(), more.end());
    }
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    for (std::int32_t leaf : touched) by_leaf[leaf] += factor * own[k];
  }
  std::size_t i = r.values.size();
  for (const std::string& name : r.question.wrt)
    for (Real leaf : r.inputs.leaves.find(name)->second) {
      double scale = 0;
      if (const auto found = by_leaf.find(leaf.index()); found != by_leaf.end()) scale = found->second;
      if (const auto length = r.inputs.normalizers.find(leaf.index()); length != r.inputs.normalizers.end()) {
        const double norm = numbers.magnitude(length->second.index());
        if (norm > 0) scale /= norm;
      }
      result[i++] = scale;
    }
  return result;
}

}  // namespace assay::reference
