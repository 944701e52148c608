// certify and conventions of truth.hpp: record, differentiate, decide, and measure what the verdict needs.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "reference/graph/recorded_case.hpp"
#include "reference/graph/recorded_gradients.hpp"
#include "reference/truth/decide.hpp"
#include "reference/truth/elementwise.hpp"
#include "reference/truth/input_dependence.hpp"
#include "reference/truth/intrinsic_scale.hpp"
#include "reference/truth/kinks.hpp"
#include "reference/truth/limits.hpp"
#include "reference/truth/sensitivity.hpp"
#include "reference/truth/truth.hpp"

namespace assay::reference {
namespace {

/// Lower bounds that a formula gives for the sensitivities of its gradient, leaf by leaf.
std::vector<std::pair<std::int32_t, Real>> floors_of(RecordedCase& r, std::span<const Real> adjoints) {
  std::vector<std::pair<std::int32_t, Real>> floors;
  if (adjoints.empty() || r.terms.empty() || !r.terms.front().term.gradient_sensitivity_floor) return floors;
  const Vector& leaves = r.inputs.leaves.find(r.question.record()->inputs.front().name)->second;
  std::size_t leaf = 0;
  for (const RecordedTerm& t : r.terms) {
    Vector seeds;
    for (Real v : t.term.value) {
      const Real s = adjoints[static_cast<std::size_t>(v.index())];
      seeds.push_back(s.index() < 0 ? Real(0) : s);
    }
    for (Real bound : t.term.gradient_sensitivity_floor(t.term.value, seeds))
      floors.emplace_back(leaves[leaf++].index(), bound);
  }
  return floors;
}

class Certifier {
 public:
  Certifier(const Case& c, const Effort& effort, std::string_view convention)
      : effort_(effort),
        infinite_(has_infinity(c)),
        gradients_(c, convention, infinite_ ? first_stand_ins() : StandIns{}) {
    if (effort.details) {
      const Recording recording(recorded_->graph);
      floors_ = floors_of(*recorded_, adjoints_);
    }
    precision_ = infinite_ ? limit_precision : Precision{80, effort.max_bits};
    if (infinite_) {
      decisions_ = limits(c, convention);
    } else {
      BallEngine engine(recorded_->graph);
      decisions_ = decide(engine, roots_.nodes, c.dtype, {80, std::min(1280L, effort.max_bits)});
      decide_exactly(recorded_->graph, roots_.nodes, decisions_, c.dtype);
      decide_the_rest(engine);
    }
    drop_unchecked();
  }

  Truth truth() {
    Truth t;
    for (std::size_t i = 0; i < decisions_.size(); ++i)
      if (!decisions_[i].decided) {
        t.undecided = roots_.names[i];
        return t;
      }
    std::vector<Component> components(decisions_.size());
    for (std::size_t i = 0; i < components.size(); ++i) {
      components[i].rounded = components[i].lower = components[i].upper = decisions_[i].rounded;
      components[i].checked = decisions_[i].special != Special::unchecked;
    }
    if (effort_.details) detail(components);

    auto next = components.begin();
    auto take = [&](std::vector<std::int64_t> shape) {
      TensorTruth tensor{std::move(shape), {}};
      for (std::int64_t n = product(tensor.shape); n > 0; --n)
        tensor.components.push_back(std::move(*next++));
      return tensor;
    };
    t.value = take(value_shape(recorded_->question));
    for (const std::string& name : recorded_->question.wrt)
      t.gradient.emplace(name, take(recorded_->question.inputs.at(name).shape));
    return t;
  }

 private:
  void decide_the_rest(BallEngine& engine) {
    std::vector<std::int32_t> nodes;
    for (std::size_t i = 0; i < decisions_.size(); ++i)
      if (!decisions_[i].decided) nodes.push_back(roots_.nodes[i]);
    if (nodes.empty() || precision_.limit <= 1280) return;
    const auto later = decide(engine, nodes, recorded_->question.dtype, {2560, precision_.limit});
    auto next = later.begin();
    for (Decision& d : decisions_)
      if (!d.decided) d = *next++;
  }

  void drop_unchecked() {
    drop_by_empty_mean();
    drop_around_infinity();
  }

  /// Where a value is infinite in a whole neighbourhood, there is no gradient to check: by the numbers that
  /// it alone consists of, or by all that are summed with it. A cotangent of 0 has dropped it before.
  void drop_around_infinity() {
    for (const RecordedTerm& t : recorded_->terms) {
      if (t.term.infinite_around.empty() || adjoints_.empty()) continue;
      const std::int32_t adjoint = adjoints_[static_cast<std::size_t>(t.term.value.front().index())].index();
      if (adjoint < 0) continue;
      BallEngine engine(recorded_->graph);
      engine.evaluate(precision_.start, needed_for(recorded_->graph, {{adjoint}}));
      if (engine.special(adjoint) == Special::none && arb_is_zero(engine.ball(adjoint))) continue;
      std::size_t i = recorded_->values.size();
      for (const std::string& name : recorded_->question.wrt)
        for (const Real leaf : recorded_->inputs.leaves.find(name)->second) {
          const bool around = std::ranges::any_of(t.term.infinite_around,
                                                  [&](Real each) { return each.index() == leaf.index(); });
          if (around || recorded_->question.reduction != Reduction::none)
            decisions_[i] = {true, Special::unchecked, std::numeric_limits<double>::quiet_NaN()};
          ++i;
        }
    }
  }

  /// A mean whose divisor is 0 has no gradient to check, not even where no row reaches.
  void drop_by_empty_mean() {
    if (recorded_->question.reduction != Reduction::mean || recorded_->question.wrt.empty()) return;
    BallEngine engine(recorded_->graph);
    const std::int32_t divisor = recorded_->divisor.index();
    engine.evaluate(precision_.start, needed_for(recorded_->graph, {{divisor}}));
    if (engine.special(divisor) != Special::none || !arb_is_zero(engine.ball(divisor))) return;
    for (std::size_t i = recorded_->values.size(); i < decisions_.size(); ++i)
      decisions_[i] = {true, Special::unchecked, std::numeric_limits<double>::quiet_NaN()};
  }

  void detail(std::vector<Component>& components) {
    RecordedCase& r = *recorded_;
    BallEngine engine(r.graph);
    const std::vector<Digits> digits =
        read_digits(engine, roots_.nodes, decisions_, r.question.dtype, precision_);
    Sensitivity sensitivity(r, precision_);
    Kinks kinks(r, sensitivity, precision_);
    const InputDependence dependence(r);
    const std::vector<double> scales = intrinsic_scales(r, roots_.nodes, adjoints_, dependence, sensitivity);

    for (std::size_t i = 0; i < components.size(); ++i) {
      Component& c = components[i];
      c.input_count = dependence.count(roots_.nodes[i]);
      c.scale = scales[i];
      if (std::isnan(c.rounded)) {
        c.digits = "NaN";
        c.sensitivity = c.rounded;
        continue;
      }
      const bool infinite = decisions_[i].special != Special::none;
      if (infinite) {
        c.digits = c.rounded > 0 ? "Infinity" : "-Infinity";
      } else {
        c.digits = decisions_[i].vanishes ? "0" : digits[i].digits;
        c.offset = decisions_[i].vanishes ? 0 : digits[i].offset;
      }
      c.sensitivity = infinite              ? std::numeric_limits<double>::quiet_NaN()
                      : roots_.nodes[i] < 0 ? 0
                                            : sensitivity.of(roots_.nodes[i]);
      if (i < r.values.size()) continue;
      if (const auto ends = kinks.hull(roots_.nodes[i], c.input_count)) {
        c.lower = std::min(ends->first, c.rounded);
        c.upper = std::max(ends->second, c.rounded);
      }
    }
    for (const RecordedTerm& t : r.terms) {
      if (t.term.gradient_sensitivity_factor.index() < 0) continue;
      const double factor = sensitivity.magnitude(t.term.gradient_sensitivity_factor.index());
      const std::vector<std::int32_t> own = dependence.leaves(t.term.value.front().index());
      std::size_t i = r.values.size();
      for (const std::string& name : r.question.wrt)
        for (const Real leaf : r.inputs.leaves.find(name)->second) {
          const bool reached = std::ranges::find(own, leaf.index()) != own.end();
          if (reached && std::isfinite(components[i].sensitivity))
            components[i].sensitivity =
                std::max(components[i].sensitivity, sensitivity.magnitude(roots_.nodes[i]) * factor);
          ++i;
        }
    }
    for (const auto& [leaf, bound] : floors_) {
      std::size_t i = r.values.size();
      for (const std::string& name : r.question.wrt)
        for (Real l : r.inputs.leaves.find(name)->second) {
          if (l.index() == leaf && std::isfinite(components[i].sensitivity))
            components[i].sensitivity =
                std::max(components[i].sensitivity, sensitivity.magnitude(bound.index()));
          ++i;
        }
    }
  }

  Effort effort_;
  bool infinite_;
  Precision precision_;
  RecordedGradients gradients_;
  const std::unique_ptr<RecordedCase>& recorded_ = gradients_.recorded;
  const std::vector<Real>& adjoints_ = gradients_.adjoints;
  const Roots& roots_ = gradients_.roots;
  std::vector<std::pair<std::int32_t, Real>> floors_;
  std::vector<Decision> decisions_;
};

bool same(const TensorTruth& a, const TensorTruth& b) {
  for (std::size_t i = 0; i < a.components.size(); ++i) {
    const double x = a.components[i].rounded, y = b.components[i].rounded;
    if (x != y && !(std::isnan(x) && std::isnan(y))) return false;
  }
  return true;
}

}  // namespace

Truth certify(const Case& c, const Effort& effort) {
  if (auto why = why_invalid(c)) {
    Truth t;
    t.error = std::move(*why);
    return t;
  }
  if (!effort.details && c.wrt.empty() && !has_infinity(c)) {
    if (const auto values = elementwise_values(c)) {
      Truth t;
      t.value.shape = value_shape(c);
      for (double v : *values) {
        t.value.components.emplace_back();
        Component& component = t.value.components.back();
        component.rounded = component.lower = component.upper = v;
      }
      return t;
    }
  }
  return Certifier(c, effort, {}).truth();
}

std::vector<ConventionTruth> conventions(const Case& c, const Truth& truth) {
  std::vector<ConventionTruth> result;
  const Record* record = c.record();
  if (!record || !truth.error.empty()) return result;
  for (const Convention& each : record->conventions) {
    ConventionTruth conventional{std::string(each.name), Certifier(c, {.details = false}, each.name).truth()};
    bool differs = !same(conventional.truth.value, truth.value);
    std::erase_if(conventional.truth.gradient,
                  [&](const auto& g) { return same(g.second, truth.gradient.at(g.first)); });
    differs |= !conventional.truth.gradient.empty();
    if (differs && conventional.truth.undecided.empty()) result.push_back(std::move(conventional));
  }
  return result;
}

}  // namespace assay::reference
