#include "reference/truth/details.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "reference/truth/input_dependence.hpp"
#include "reference/truth/intrinsic_scale.hpp"
#include "reference/truth/kinks.hpp"
#include "reference/truth/sensitivity.hpp"

namespace assay::reference {
namespace {

class Details {
 public:
  explicit Details(const Decided& decided) : c_(decided) {}

  void add_to(std::vector<Component>& components) {
    const RecordedCase& r = c_.recorded;
    if (c_.look)
      add_offsets(components);
    else
      add_digits(components);
    const InputDependence dependence(r);
    const std::vector<double> scales = intrinsic_scales(
        r, c_.roots.nodes, c_.adjoints, dependence, [this](std::int32_t node) { return magnitude(node); });
    std::vector<double> floors(components.size(), 0);
    if (c_.look) floors = sensitivity_floors(dependence);
    for (std::size_t i = 0; i < components.size(); ++i) {
      Component& c = components[i];
      c.input_count = c_.look ? c_.look->at(i).input_count : dependence.count(c_.roots.nodes[i]);
      c.scale = scales[i];
      c.sensitivity = sensitivity(i, floors[i]);
      if (std::isnan(c.rounded) || i < r.values.size()) continue;
      if (const auto ends = hull(i, c.input_count)) {
        c.lower = std::min(ends->first, c.rounded);
        c.upper = std::max(ends->second, c.rounded);
      }
    }
    // Only now: what Arb has looked at closer once, it sees at that precision from then on.
    if (!c_.look) floors = sensitivity_floors(dependence);
    for (std::size_t i = 0; i < components.size(); ++i)
      if (double& a = components[i].sensitivity; std::isfinite(a)) a = std::max(a, floors[i]);
  }

 private:
  [[nodiscard]] bool of_finite_inputs(std::size_t i) const {
    return !c_.infinite || c_.look->at(i).finite_inputs;
  }

  [[nodiscard]] bool finite(std::size_t i) const {
    return c_.decisions[i].special == Special::none && !std::isnan(c_.decisions[i].rounded);
  }

  void add_digits(std::vector<Component>& components) {
    const std::vector<Digits> digits =
        read_digits(c_.engine, c_.roots.nodes, c_.decisions, c_.recorded.question.dtype, c_.precision);
    for (std::size_t i = 0; i < components.size(); ++i) {
      Component& c = components[i];
      if (finite(i)) {
        c.digits = c_.decisions[i].vanishes ? "0" : digits[i].digits;
        c.offset = c_.decisions[i].vanishes ? 0 : digits[i].offset;
      } else {
        c.digits = std::isnan(c.rounded) ? "NaN" : c.rounded > 0 ? "Infinity" : "-Infinity";
      }
    }
  }

  /// The offsets alone; but where the dtype overflowed, decimals are all that says how far.
  void add_offsets(std::vector<Component>& components) {
    const Dtype dtype = c_.recorded.question.dtype;
    for (const bool of_finite : {true, false}) {
      std::vector<std::size_t> within;
      std::vector<std::int32_t> nodes;
      std::vector<Decision> decisions;
      for (std::size_t i = 0; i < components.size(); ++i) {
        Component& c = components[i];
        if (!finite(i) || c_.roots.nodes[i] < 0 || c_.decisions[i].vanishes ||
            of_finite_inputs(i) != of_finite)
          continue;
        if (c_.look->at(i).decided) {
          c.offset = c_.look->at(i).offset;
        } else if (std::isinf(c.rounded)) {
          c.digits =
              read_digits(c_.engine, {&c_.roots.nodes[i], 1}, {&c_.decisions[i], 1}, dtype, c_.precision)
                  .front()
                  .digits;
        } else {
          within.push_back(i);
          nodes.push_back(c_.roots.nodes[i]);
          decisions.push_back(c_.decisions[i]);
        }
      }
      const Precision p = of_finite ? Precision{80, c_.max_bits} : c_.precision;
      const std::vector<double> offsets = read_offsets(c_.engine, nodes, decisions, dtype, p);
      for (std::size_t k = 0; k < within.size(); ++k) components[within[k]].offset = offsets[k];
    }
  }

  Sensitivity& sensitivities() {
    if (!sensitivities_) sensitivities_.emplace(c_.recorded, c_.precision);
    return *sensitivities_;
  }
  /// Without decimals, A is a bound above it; one that no verdict sees beside an ulp is near enough.
  double sensitivity(std::size_t i, double floor) {
    if (!finite(i)) return std::numeric_limits<double>::quiet_NaN();
    const std::int32_t root = c_.roots.nodes[i];
    if (root < 0) return 0;
    if (!c_.look) return sensitivities().of(root);
    if (c_.look->at(i).measured) return c_.look->at(i).sensitivity;
    const double rounded = std::abs(c_.decisions[i].rounded);
    const double enough = std::isfinite(rounded) ? std::max(floor, rounded * 0x1p-20) : floor;
    return c_.look->at(i).most <= enough ? c_.look->at(i).most : sensitivities().of(root, enough);
  }
  double magnitude(std::int32_t node) {
    if (c_.look)
      if (const auto exact = c_.look->magnitude(node)) return *exact;
    return sensitivities().magnitude(node);
  }
  /// The same, or a little more: of what A must not fall below.
  double size(std::int32_t node) {
    if (c_.look)
      if (const auto bound = c_.look->size(node)) return *bound;
    return sensitivities().magnitude(node);
  }
  std::optional<std::pair<double, double>> hull(std::size_t i, std::int64_t input_count) {
    if (c_.look && c_.look->at(i).smooth) return std::nullopt;
    if (!kinks_) kinks_.emplace(c_.recorded, sensitivities(), c_.precision);
    return kinks_->hull(c_.roots.nodes[i], input_count);
  }

  /// The lower bounds that formulas give for the sensitivities of their gradients.
  std::vector<double> sensitivity_floors(const InputDependence& dependence) {
    const RecordedCase& r = c_.recorded;
    std::vector<double> floors(c_.roots.nodes.size(), 0);
    const auto has_factor = [](const RecordedTerm& t) {
      return t.term.gradient_sensitivity_factor.index() >= 0;
    };
    if (c_.floors.empty() && std::ranges::none_of(r.terms, has_factor)) return floors;
    constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
    std::vector<std::size_t> component_of(r.graph.nodes.size(), none);
    std::size_t next = r.values.size();
    for (const std::string& name : r.question.wrt)
      for (const Real leaf : r.inputs.leaves.find(name)->second)
        component_of[static_cast<std::size_t>(leaf.index())] = next++;
    auto raise = [&](std::int32_t leaf, auto&& bound) {
      const std::size_t i = component_of[static_cast<std::size_t>(leaf)];
      if (i != none && finite(i)) floors[i] = std::max(floors[i], bound(i));
    };
    for (const RecordedTerm& t : r.terms) {
      if (!has_factor(t)) continue;
      const double factor = size(t.term.gradient_sensitivity_factor.index());
      for (const std::int32_t leaf : dependence.leaves(t.term.value.front().index()))
        raise(leaf, [&](std::size_t i) { return size(c_.roots.nodes[i]) * factor; });
    }
    for (const auto& [leaf, bound] : c_.floors)
      raise(leaf, [&, node = bound.index()](std::size_t) { return size(node); });
    return floors;
  }

  const Decided& c_;
  std::optional<Sensitivity> sensitivities_;
  std::optional<Kinks> kinks_;
};

}  // namespace

void add_details(const Decided& decided, std::vector<Component>& components) {
  Details(decided).add_to(components);
}

}  // namespace assay::reference
