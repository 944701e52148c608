#include "reference/truth/reach.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "reference/truth/sensitivity.hpp"

namespace assay::reference {

Reach::Reach(const Recorded& recorded)
    : graph_(recorded.sheet.graph), is_input_(graph_.nodes.size(), 0), seen_(graph_.nodes.size(), 0) {
  for (const auto& [name, leaves] : recorded.sheet.leaves)
    for (Real leaf : leaves) is_input_[static_cast<std::size_t>(leaf.index())] = 1;
}

std::vector<std::int32_t> Reach::leaves(std::int32_t node) const {
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

std::int64_t Reach::count(std::int32_t node) const {
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(leaves(node).size()));
}

std::vector<double> intrinsic_scales(const Recorded& r, std::span<const std::int32_t> roots,
                                     std::span<const Real> slopes, const Reach& reach, Sensitivity& numbers) {
  std::vector<double> result(roots.size(), 0);
  std::vector<double> own;
  double total = 0;
  for (const RecordedTerm& t : r.terms) {
    own.push_back(numbers.magnitude(t.term.scale.index()));
    const bool shared = r.question.reduction == Reduction::mean && t.term.shared_by.index() >= 0;
    total += own.back() / (shared ? numbers.magnitude(t.term.shared_by.index()) : 1);
  }

  if (r.question.reduction == Reduction::none) {
    std::size_t i = 0;
    for (std::size_t k = 0; k < r.terms.size(); ++k)
      for (std::size_t v = 0; v < r.terms[k].term.value.size(); ++v) result[i++] = own[k];
  } else {
    const double divisor = r.question.reduction == Reduction::mean ? numbers.magnitude(r.divisor.index()) : 1;
    if (divisor > 0) result[0] = total / divisor;
  }
  if (slopes.empty()) return result;

  std::map<std::int32_t, double> by_leaf;
  for (std::size_t k = 0; k < r.terms.size(); ++k) {
    if (r.terms[k].dropped) continue;
    double factor = 0;
    for (Real v : r.terms[k].term.value)
      factor = std::max(factor, numbers.magnitude(slopes[static_cast<std::size_t>(v.index())].index()));
    std::vector<std::int32_t> touched;
    for (Real v : r.terms[k].term.value) {
      const auto more = reach.leaves(v.index());
      touched.insert(touched.end(), more.begin(), more.end());
    }
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    for (std::int32_t leaf : touched) by_leaf[leaf] += factor * own[k];
  }
  std::size_t i = r.values.size();
  for (const std::string& name : r.question.wrt)
    for (Real leaf : r.sheet.leaves.find(name)->second) {
      double scale = 0;
      if (const auto found = by_leaf.find(leaf.index()); found != by_leaf.end()) scale = found->second;
      if (const auto length = r.sheet.normalizers.find(leaf.index()); length != r.sheet.normalizers.end()) {
        const double norm = numbers.magnitude(length->second.index());
        if (norm > 0) scale /= norm;
      }
      result[i++] = scale;
    }
  return result;
}

}  // namespace assay::reference
