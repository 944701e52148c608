// certify and conventions of truth.hpp: record, differentiate, decide, and measure what the verdict needs.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>
#include <span>

#include "reference/graph/recorded_case.hpp"
#include "reference/graph/recorded_gradients.hpp"
#include "reference/truth/decide.hpp"
#include "reference/truth/details.hpp"
#include "reference/truth/elementwise.hpp"
#include "reference/truth/first_look.hpp"
#include "reference/truth/limits.hpp"
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
        gradients_(c, convention, infinite_ ? first_stand_ins() : StandIns{}),
        engine_(recorded_->graph) {
    if (effort.details) {
      const Recording recording(recorded_->graph);
      floors_ = floors_of(*recorded_, adjoints_);
    }
    precision_ = infinite_ ? limit_precision : Precision{80, effort.max_bits};
    decisions_.resize(roots_.nodes.size());
    if (effort.details && !effort.digits) look_first();
    if (look_ || !infinite_) decide_by_balls();
    if (infinite_) take_limits(c, convention);
    drop_unchecked();
  }

  Truth truth() {
    Truth t;
    for (std::size_t i = 0; i < decisions_.size(); ++i)
      if (!decisions_[i].decided) {
        t.undecided = roots_.name(i);
        return t;
      }
    std::vector<Component> components(decisions_.size());
    for (std::size_t i = 0; i < components.size(); ++i) {
      components[i].rounded = components[i].lower = components[i].upper = decisions_[i].rounded;
      components[i].checked = decisions_[i].special != Special::unchecked;
    }
    if (effort_.details)
      add_details({*recorded_, roots_, adjoints_, floors_, decisions_, infinite_, precision_,
                   effort_.max_bits, engine_, look_ ? &*look_ : nullptr},
                  components);

    auto next = components.begin();
    auto take = [&](std::vector<std::int64_t> shape) {
      TensorTruth tensor{std::move(shape), {}};
      const auto count = product(tensor.shape);
      tensor.components.assign(std::move_iterator(next), std::move_iterator(next + count));
      next += count;
      return tensor;
    };
    t.value = take(value_shape(recorded_->question));
    for (const std::string& name : recorded_->question.wrt)
      t.gradient.emplace(name, take(recorded_->question.inputs.at(name).shape));
    return t;
  }

 private:
  void look_first() {
    look_.emplace(*recorded_, roots_.nodes);
    for (std::size_t i = 0; i < decisions_.size(); ++i)
      if (look_->at(i).decided) decisions_[i] = {true, Special::none, look_->at(i).rounded};
  }

  /// A result of finite inputs is no limit, whatever other inputs are.
  [[nodiscard]] bool of_finite_inputs(std::size_t i) const {
    return !infinite_ || (look_ && look_->at(i).finite_inputs);
  }

  void decide_by_balls() {
    const Precision p{80, effort_.max_bits};
    decide_undecided([&](std::span<const std::int32_t> nodes) {
      return decide(engine_, nodes, recorded_->question.dtype, {p.start, std::min(1280L, p.limit)});
    });
    decide_undecided([&](std::span<const std::int32_t> nodes) {
      std::vector<Decision> decisions(nodes.size());
      decide_exactly(recorded_->graph, nodes, decisions, recorded_->question.dtype);
      return decisions;
    });
    if (p.limit > 1280)
      decide_undecided([&](std::span<const std::int32_t> nodes) {
        return decide(engine_, nodes, recorded_->question.dtype, {2560, p.limit});
      });
  }

  template <class Decide>
  void decide_undecided(Decide&& decide_these) {
    std::vector<std::size_t> undecided;
    std::vector<std::int32_t> nodes;
    for (std::size_t i = 0; i < decisions_.size(); ++i) {
      if (decisions_[i].decided || !of_finite_inputs(i)) continue;
      undecided.push_back(i);
      nodes.push_back(roots_.nodes[i]);
    }
    if (nodes.empty()) return;
    const std::vector<Decision> later = decide_these(nodes);
    for (std::size_t k = 0; k < undecided.size(); ++k) decisions_[undecided[k]] = later[k];
  }

  void take_limits(const Case& c, std::string_view convention) {
    std::vector<std::size_t> wanted;
    for (std::size_t i = 0; i < decisions_.size(); ++i)
      if (!decisions_[i].decided) wanted.push_back(i);
    const std::vector<Decision> found =
        limits(c, convention, wanted, {look_ ? 160 : limit_precision.start, limit_precision.limit});
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      decisions_[wanted[k]] = found[k];
      decisions_[wanted[k]].bits = 0;  // another engine's
    }
    for (Decision& d : decisions_)  // as limits does with what overflowed alone
      if (std::isinf(d.rounded)) d.special = infinity_of(d.rounded > 0 ? 1 : -1);
  }

  void drop_unchecked() {
    drop_by_empty_mean();
    drop_around_infinity();
  }

  [[nodiscard]] bool is_zero(std::int32_t node) {
    if (look_ && look_->nonzero(node)) return false;
    BallEngine engine(recorded_->graph);
    Descent descent(recorded_->graph);
    engine.evaluate(precision_.start, descent.towards({&node, 1}));
    return engine.special(node) == Special::none && arb_is_zero(engine.ball(node));
  }

  /// Where a value is infinite in a whole neighbourhood, there is no gradient to check: by the numbers that
  /// it alone consists of, or by all that are summed with it. A cotangent of 0 has dropped it before.
  void drop_around_infinity() {
    for (const RecordedTerm& t : recorded_->terms) {
      if (t.term.infinite_around.empty() || adjoints_.empty()) continue;
      const std::int32_t adjoint = adjoints_[static_cast<std::size_t>(t.term.value.front().index())].index();
      if (adjoint < 0 || is_zero(adjoint)) continue;
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
    if (!is_zero(recorded_->divisor.index())) return;
    for (std::size_t i = recorded_->values.size(); i < decisions_.size(); ++i)
      decisions_[i] = {true, Special::unchecked, std::numeric_limits<double>::quiet_NaN()};
  }

  Effort effort_;
  bool infinite_;
  Precision precision_;
  RecordedGradients gradients_;
  const std::unique_ptr<RecordedCase>& recorded_ = gradients_.recorded;
  const std::vector<Real>& adjoints_ = gradients_.adjoints;
  const Roots& roots_ = gradients_.roots;
  BallEngine engine_;
  std::optional<FirstLook> look_;  // where no decimals are asked for
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
