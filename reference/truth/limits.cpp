#include "reference/truth/limits.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "reference/graph/recorded_gradients.hpp"
#include "reference/truth/input_dependence.hpp"

namespace assay::reference {
namespace {

constexpr std::int64_t far = 2048;  // 2^2048: twice the exponent of any f64

/// Of so many infinities each is far ahead of the others once; of more, the first, the middle and the last
/// one.
constexpr std::int64_t most_ahead = 12;

// Together; spread upwards; spread downwards; each far ahead of the others; all twice as far.
std::vector<StandIns> ways(std::int64_t count) {
  std::vector<StandIns> all{[](std::int64_t) {
                              return StandIn{1, far};
                            },
                            [](std::int64_t k) {
                              return StandIn{static_cast<double>(k + 1), far};
                            },
                            [count](std::int64_t k) {
                              return StandIn{static_cast<double>(count - k), far};
                            }};
  const auto ahead = [&](std::int64_t which) {
    all.emplace_back([which](std::int64_t k) { return StandIn{1, k == which ? 2 * far : far}; });
  };
  if (count <= most_ahead)
    for (std::int64_t which = 0; which < count; ++which) ahead(which);
  else
    for (const std::int64_t which : {std::int64_t{0}, count / 2, count - 1}) ahead(which);
  all.emplace_back([](std::int64_t) { return StandIn{1, 2 * far}; });
  return all;
}

// What those leave: each that is neither the first nor the last behind the others, and of many each ahead of
// them, every twelfth at a time: those of a row follow one another, so that up to twelve of them are told
// apart however many rows there are.
std::vector<StandIns> further_ways(std::int64_t count) {
  const std::int64_t period = std::min(count, most_ahead), outer = count <= most_ahead ? 1 : 0;
  std::vector<StandIns> out;
  for (std::int64_t which = outer; which < period - outer; ++which) {
    out.emplace_back([=](std::int64_t k) { return StandIn{k % period == which ? .5 : 1, far}; });
    if (count > most_ahead)
      out.emplace_back([=](std::int64_t k) { return StandIn{1, k % period == which ? 2 * far : far}; });
  }
  return out;
}

bool agree(const Decision& a, const Decision& b) {
  if (a.special == Special::unchecked || b.special == Special::unchecked) return a.special == b.special;
  return a.rounded == b.rounded || (std::isnan(a.rounded) && std::isnan(b.rounded));
}

// What grows with the stand-ins has no finite limit: a logarithm of 2^4096 is twice that of 2^2048.
bool grows(const Decision& near, const Decision& far_out) {
  const bool same_side = std::signbit(near.rounded) == std::signbit(far_out.rounded);
  return same_side && std::abs(far_out.rounded) / 1.5 > std::abs(near.rounded) &&
         std::abs(near.rounded) > 256;
}

// The components themselves, before any rounding, for stand-ins twice as far
// out: what is 3/2 times as large grows without end, were it a logarithm times
// the least number; what is 2^16 times as small, as a power is, vanishes.
bool larger(const Ball& a, const Ball& b, slong halves, slong exponent) {
  Ball scaled;
  arb_mul_si(scaled, b, halves, 128);
  arb_mul_2exp_si(scaled, scaled, exponent - 1);
  return arb_rel_accuracy_bits(a) > 0 && arb_rel_accuracy_bits(b) > 0 &&
         arf_cmpabs(arb_midref(static_cast<arb_srcptr>(a)), arb_midref(static_cast<arb_srcptr>(scaled))) > 0;
}
bool outgrows(const Ball& far_out, const Ball& near) { return larger(far_out, near, 3, 0); }
bool outlasts(const Ball& near, const Ball& far_out) { return larger(near, far_out, 2, 16); }

// That all ways between the first and the last say the same tells a limit from a difference of infinities.
bool all_beyond(std::span<const std::vector<Decision>> tried, std::size_t i) {
  return std::ranges::all_of(tried, [&](const auto& way) {
    return std::signbit(way[i].rounded) == std::signbit(tried.front()[i].rounded) &&
           std::abs(way[i].rounded) >= std::abs(tried.front()[i].rounded);
  });
}
bool all_within(std::span<const std::vector<Decision>> tried, std::size_t i) {
  return std::ranges::all_of(
      tried, [&](const auto& way) { return std::abs(way[i].rounded) <= std::abs(tried.front()[i].rounded); });
}

const Decision no_limit{true, Special::nan, std::numeric_limits<double>::quiet_NaN()};

// These components for these stand-ins; in `balls` the components themselves, before any rounding.
std::vector<Decision> decided_by(const StandIns& way, const Case& c, std::string_view convention,
                                 std::span<const std::size_t> components, Precision precision,
                                 std::vector<Ball>& balls) {
  const RecordedGradients gradients(c, convention, way);
  BallEngine engine(gradients.recorded->graph);
  std::vector<std::int32_t> nodes;
  for (const std::size_t i : components) nodes.push_back(gradients.roots.nodes[i]);
  std::vector<Decision> found = decide(engine, nodes, c.dtype, precision);
  decide_exactly(gradients.recorded->graph, nodes, found, c.dtype);
  for (std::size_t i = 0; i < balls.size(); ++i)
    if (nodes[i] >= 0 && engine.special(nodes[i]) == Special::none) arb_set(balls[i], engine.ball(nodes[i]));
  return found;
}

// Whether at least so many infinities reach a component: whatever one of them does, alone it has done it
// already.
std::vector<bool> reached(const Case& c, std::string_view convention, std::span<const std::size_t> components,
                          std::ptrdiff_t least) {
  const RecordedGradients gradients(c, convention, first_stand_ins());
  std::vector<bool> infinite(gradients.recorded->graph.nodes.size(), false);
  for (const auto& [name, leaves] : gradients.recorded->inputs.leaves) {
    const auto tensor = c.inputs.find(name);
    if (tensor == c.inputs.end()) continue;
    for (std::size_t i = 0; i < leaves.size(); ++i)
      infinite[static_cast<std::size_t>(leaves[i].index())] = std::isinf(tensor->second.real[i]);
  }
  const InputDependence dependence(*gradients.recorded);
  std::vector<bool> out;
  for (const std::size_t i : components)
    out.push_back(std::ranges::count_if(dependence.leaves(gradients.roots.nodes[i]), [&](std::int32_t leaf) {
                    return infinite[static_cast<std::size_t>(leaf)];
                  }) >= least);
  return out;
}

}  // namespace

bool has_infinity(const Case& c) {
  for (const auto& [name, tensor] : c.inputs)
    if (std::any_of(tensor.real.begin(), tensor.real.end(), [](double x) { return std::isinf(x); }))
      return true;
  return false;
}

StandIns first_stand_ins() { return ways(1).front(); }

std::vector<Decision> limits(const Case& c, std::string_view convention,
                             std::span<const std::size_t> components, Precision precision) {
  if (components.empty()) return {};
  std::int64_t count = 0;
  for (const auto& [name, tensor] : c.inputs)
    count += std::count_if(tensor.real.begin(), tensor.real.end(), [](double x) { return std::isinf(x); });

  std::vector<std::vector<Decision>> tried;
  std::vector<Ball> near, far_out;  // the components themselves, for the first and for the last way
  for (const StandIns& way : ways(count)) {
    std::vector<Ball>& balls = near.empty() ? near : far_out;
    balls = std::vector<Ball>(components.size());
    tried.push_back(decided_by(way, c, convention, components, precision, balls));
  }
  std::vector<Decision> result = tried.front();
  std::vector<std::size_t> same;  // for all ways so far
  for (std::size_t i = 0; i < result.size(); ++i) {
    bool all_agree = true, decided = true;
    for (const auto& way : tried) {
      decided &= way[i].decided;
      all_agree &= agree(way[i], result[i]);
    }
    Decision& d = result[i];
    d.decided = decided;
    if (!decided) continue;
    if (outgrows(far_out[i], near[i]) && all_beyond(tried, i)) {
      d.special = arb_is_positive(far_out[i]) ? Special::plus_infinity : Special::minus_infinity;
      d.rounded = d.special == Special::plus_infinity ? infinity : -infinity;
    } else if (outlasts(near[i], far_out[i]) && all_within(tried, i)) {
      d = {true, Special::none, 0, true};
    } else if (all_agree) {
      // A number that only overflowed is finite somewhere further in: here it stands for the infinity.
      if (std::isinf(d.rounded)) d.special = d.rounded > 0 ? Special::plus_infinity : Special::minus_infinity;
      if (std::isfinite(d.rounded)) same.push_back(i);
    } else if (grows(tried.front()[i], tried.back()[i])) {
      d.rounded = std::copysign(infinity, d.rounded);
      d.special = d.rounded > 0 ? Special::plus_infinity : Special::minus_infinity;
    } else {
      d = no_limit;
    }
  }
  if (count < 3 || same.empty()) return result;
  const std::vector<bool> by_several = reached(c, convention, components, count <= most_ahead ? 3 : 2);
  std::erase_if(same, [&](std::size_t i) { return !by_several[i]; });
  for (const StandIns& way : further_ways(count)) {
    if (same.empty()) break;
    std::vector<std::size_t> still;
    for (const std::size_t i : same) still.push_back(components[i]);
    std::vector<Ball> balls(still.size());
    const std::vector<Decision> found = decided_by(way, c, convention, still, precision, balls);
    std::vector<std::size_t> again;
    for (std::size_t k = 0; k < same.size(); ++k) {
      Decision& d = result[same[k]];
      if (!found[k].decided)
        d.decided = false;
      else if (!agree(found[k], d))
        d = no_limit;
      else
        again.push_back(same[k]);
    }
    same = again;
  }
  return result;
}

}  // namespace assay::reference
