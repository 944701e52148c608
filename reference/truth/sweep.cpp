#include "reference/truth/sweep.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "reference/engines/block_engine.hpp"
#include "reference/graph/derivative.hpp"
#include "reference/graph/recorded_gradients.hpp"

namespace assay::reference {
namespace {

static_assert(Sweep::most == block_size);

/// A kink counts as reached where its argument is within B u A of 0, A being the argument's sensitivity and B
/// at most 16 (contract, section 7): what is nearer than this many u A is for certify to look at.
constexpr double near_kink = 64;

struct Kink {
  Real argument, sensitivity;  ///< without an argument it is near everywhere
};

/// sum |x dh/dx| over the case's numbers, recorded: never less than the sensitivity.
Real sensitivity_of(RecordedCase& r, Real h) {
  const std::pair<Real, Real> seeded[] = {{h, 1}};
  const std::vector<Real> slopes = differentiate(r.graph, seeded);
  Real total = 0;
  for (const auto& [name, leaves] : r.inputs.leaves)
    for (const Real leaf : leaves)
      if (const Real slope = slopes[static_cast<std::size_t>(leaf.index())]; slope.index() >= 0)
        total = total + abs(leaf * slope);
  return total;
}

std::vector<Kink> kinks_below(RecordedCase& r, std::int32_t root) {
  const Recording recording(r.graph);
  const std::vector<std::uint8_t> needed = needed_for(r.graph, {{root}});
  std::vector<Kink> kinks;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    const Node n = r.graph.nodes[i];
    // At a norm's kink, its origin, a block decides nothing anyway.
    if (!needed[i] || !facts_of(n.op).kink_slope || n.op == Op::unit) continue;
    if (n.op == Op::share)
      kinks.push_back({});  // ties may be near in many ways
    else
      kinks.push_back({Real::at(n.a), sensitivity_of(r, Real::at(n.a))});
  }
  return kinks;
}

DoubleBall ball_at(const BlockNumbers& n, std::size_t i) { return n.powers ? DoubleBall::unknown() : n[i]; }

}  // namespace

struct Sweep::Recorded {
  Recorded(const Case& one, const std::string& swept)
      : gradients(one),
        kinks(roots().size() > 1 ? kinks_below(*gradients.recorded, roots()[1]) : std::vector<Kink>{}),
        engine(graph(), gradients.recorded->inputs.leaves.find(swept)->second.front().index(), asked()) {}

  [[nodiscard]] const Graph& graph() const { return gradients.recorded->graph; }
  [[nodiscard]] const std::vector<std::int32_t>& roots() const { return gradients.roots.nodes; }
  [[nodiscard]] std::vector<std::int32_t> asked() const {
    std::vector<std::int32_t> all = roots();
    for (const Kink& each : kinks)
      for (const Real node : {each.argument, each.sensitivity}) all.push_back(node.index());
    return all;
  }

  RecordedGradients gradients;
  std::vector<Kink> kinks;
  BlockEngine engine;
};

Sweep::Sweep(Case one, std::string swept) : one_(complete(std::move(one))), swept_(std::move(swept)) {
  const Format& f = format(one_.dtype);
  if (f.precision > 24 || f.max_exponent > 512)
    throw std::invalid_argument(std::string(f.name) + " has too many numbers to be swept");
  recorded_ = std::make_unique<Recorded>(one_, swept_);
  outputs_.resize(recorded_->roots().size());
}
Sweep::~Sweep() = default;

void Sweep::evaluate(std::span<const double> x) {
  std::array<double, most> finite;
  double last = 0;
  bool any = false;
  for (const double each : x)
    if (std::isfinite(each)) {
      last = each;
      any = true;
      break;
    }
  for (std::size_t i = 0; i < x.size(); ++i) finite[i] = last = std::isfinite(x[i]) ? x[i] : last;
  if (any) recorded_->engine.evaluate({finite.data(), x.size()});
  for (std::size_t k = 0; k < outputs_.size(); ++k) {
    outputs_[k].apart.clear();
    if (any)
      take(k, x.size());
    else
      open_[k].fill(1);
  }
  for (std::size_t i = 0; i < x.size(); ++i)
    if (!std::isfinite(x[i])) open_[0][i] = 1;
  ask(x);
}

// What a block says of an output. Both ends are rounded into floats that are stored before they are compared:
// g++ 12 takes a conversion there and back for none where two stand side by side.
void Sweep::take(std::size_t output, std::size_t count) {
  const std::int32_t root = recorded_->roots()[output];
  Output& out = outputs_[output];
  std::array<std::uint8_t, most>& open = open_[output];
  if (root < 0) {
    out.rounded.fill(0);
    out.middle.fill(0);
    out.radius.fill(0);
    open.fill(0);
    return;
  }
  const BlockNumbers& numbers = recorded_->engine.at(root);
  BlockNumbers spare;
  const BlockNumbers& plain = block_numbers::plain(numbers, spare);
  visit(one_.dtype, [&]<class T>() {
    std::array<T, most> low, high;
    for (std::size_t i = 0; i < most; ++i) {
      const DoubleBall b = plain[i];
      const double slack = b.exact() ? 0 : double_ball::above(b.rad) + std::fabs(b.mid) * 0x1p-52;
      low[i] = static_cast<T>(b.mid - slack);
      high[i] = static_cast<T>(b.mid + slack);
    }
    for (std::size_t i = 0; i < most; ++i) {
      out.rounded[i] = static_cast<double>(low[i]) + 0.;  // never -0
      open[i] = !(low[i] == high[i]);
    }
  });
  out.middle = plain.middle;
  out.radius = plain.radius;
  if (numbers.powers)
    for (std::size_t i = 0; i < count; ++i) {
      if (!(numbers.middle[i] - numbers.radius[i] > 700 && std::fabs(numbers.factor) > 0x1p-100)) continue;
      out.rounded[i] = out.middle[i] = numbers.factor * infinity;
      out.radius[i] = 0;
      open[i] = 0;
    }
  if (output == 0) return;
  const double u = std::ldexp(1, -format(one_.dtype).precision);
  for (const Kink& kink : recorded_->kinks) {
    if (kink.argument.index() < 0) {
      open.fill(1);
      continue;
    }
    const BlockNumbers& h = recorded_->engine.at(kink.argument.index());
    const BlockNumbers& a = recorded_->engine.at(kink.sensitivity.index());
    for (std::size_t i = 0; i < count; ++i) {
      const DoubleBall at = ball_at(h, i), moves = ball_at(a, i);
      open[i] |= !(std::fabs(at.mid) - at.rad > near_kink * u * (moves.mid + moves.rad));
    }
  }
}

// Where the value is not decided the gradient is certified with it: where a value is infinite all around,
// there is none to check.
void Sweep::ask(std::span<const double> x) {
  for (std::size_t i = 0; i < x.size(); ++i) {
    bool any = false;
    for (std::size_t k = 0; k < outputs_.size(); ++k) any |= open_[k][i] != 0;
    if (!any) continue;
    const std::vector<Component> truth = std::isfinite(x[i]) ? certified(x[i]) : remembered(x[i]);
    for (std::size_t k = 0; k < outputs_.size(); ++k) {
      if (open_[0][i] == 0 && open_[k][i] == 0) continue;
      Output& out = outputs_[k];
      out.rounded[i] = out.middle[i] = truth[k].rounded;
      out.radius[i] = 0;
      if (!(std::isnan(x[i]) && truth[k].checked)) out.apart.emplace_back(i, truth[k]);
    }
  }
}

std::vector<Component> Sweep::certified(double x) const {
  Case c = one_;
  c.inputs.at(swept_).real.front() = x;
  const Truth truth = certify(c);
  ++asked_;
  std::vector<Component> result;
  if (!truth.error.empty() || !truth.undecided.empty()) {
    ++undecided_;
    result.resize(outputs_.size());
    for (Component& each : result) {
      each.checked = false;
      each.rounded = std::numeric_limits<double>::quiet_NaN();
    }
    return result;
  }
  result.push_back(truth.value.components.front());
  for (const auto& [name, tensor] : truth.gradient) result.push_back(tensor.components.front());
  return result;
}

const std::vector<Component>& Sweep::remembered(double x) {
  std::optional<std::vector<Component>>& known = special_[std::isnan(x) ? 0 : x > 0 ? 1 : 2];
  if (!known) known = certified(x);
  return *known;
}

}  // namespace assay::reference
