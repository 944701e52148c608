#include "tools/audit/bar.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tools/judge/judge.hpp"

namespace assay::audit {
namespace {

/// u of the definition of a tail.
double tail_unit(Dtype dtype) { return std::ldexp(1, -std::max(24, format(dtype).precision)); }

}  // namespace

Bar::Bar(const Record& record, Dtype dtype, const std::string& by) {
  const search::Tolerance tolerance = search::Tolerance::declared(record.accuracy[dtype]);
  if (by.empty() || tolerance.holds_gradient(record, by)) declared_ = tolerance;
}

double Bar::excused(Dtype dtype, const reference::TensorTruth& truth, std::size_t i) {
  return search::Tolerance::stable().units(dtype, truth, i, false);
}

double Bar::allowed(Dtype dtype, const reference::TensorTruth& truth, std::size_t i, bool gradient) const {
  const reference::Component& v = truth.components[i];
  // An end of a hull is told rounded.
  if (declared_) return declared_->units(dtype, truth, i, gradient) + (v.lower < v.upper ? .5 : 0);
  const double unit = search::ulp(dtype, v.rounded), size = std::abs(v.rounded);
  switch (required_) {
    case Grade::correctly_rounded:
      return .5;
    case Grade::faithful:
      return 1;
    case Grade::tight:
      return 4;
    case Grade::stable:
      return excused(dtype, truth, i);
    case Grade::absolute: {
      const double scale = std::isfinite(v.scale) ? std::max(size, v.scale) : size;
      return std::max(excused(dtype, truth, i),
                      sum_of_roundings(v.input_count) * (search::ulp(dtype, scale) / unit));
    }
    case Grade::inaccurate:
      return std::max(excused(dtype, truth, i), size / unit);
    case Grade::wrong:
      break;
  }
  return infinity;
}

double ulps_off(double answer, const reference::Component& truth, Dtype dtype) {
  if (!truth.checked) return 0;
  double centre = truth.rounded, offset = truth.offset;
  if (truth.lower < truth.upper) {
    if (answer >= truth.lower && answer <= truth.upper) return 0;
    centre = answer > truth.upper ? truth.upper : truth.lower, offset = 0;
  }
  if (std::isnan(centre) || std::isnan(answer))
    return std::isnan(centre) && std::isnan(answer) ? 0 : infinity;
  if (answer == centre) return std::isinf(centre) ? 0 : std::abs(offset);
  if (std::isinf(centre)) {
    // Of an infinity that a finite number rounds to, A is a number.
    const bool overflowed = !std::isnan(truth.sensitivity);
    return overflowed && (centre > 0 ? answer : -answer) >= format(dtype).largest() / 2 ? 0 : infinity;
  }
  if (std::isinf(answer)) return infinity;
  if (!std::isfinite(offset)) offset = 0;
  double unit = search::ulp(dtype, centre);
  // Below a power of two the unit is half of that above it, and it is the exact result's that counts.
  int exponent = 0;
  constexpr double least = 1e-4;  // nearer than offsets are told, it is as good as there
  const bool inwards = std::abs(offset) > least && (offset < 0) == (centre > 0);
  if (inwards && std::abs(std::frexp(centre, &exponent)) == .5) unit = search::ulp(dtype, centre * .75);
  return std::abs(answer / unit - centre / unit - offset);  // the difference itself may overflow
}

std::vector<Sight> sights(const Bar& bar, const Groups& groups, Case& question, const std::string& by,
                          const Tensor& got, const reference::TensorTruth& truth) {
  std::vector<Sight> out(groups.count());
  std::vector<double> largest(groups.count(), 0), scale(groups.count(), 0);
  std::vector<bool> overflows(groups.count(), false);
  const std::size_t n = truth.components.size();
  for (std::size_t g = 0; g < out.size() && n > 0; ++g) out[g].at = g * (n / out.size());
  for (std::size_t i = 0; i < n; ++i) {
    const reference::Component& v = truth.components[i];
    Sight& sight = out[groups.of_component(i, n)];
    const double e = ulps_off(got.real[i], v, question.dtype);
    if (e > 0) {
      if (e > sight.ulps) sight.ulps = e, sight.at = i;
      sight.height = std::max(sight.height, e / bar.allowed(question.dtype, truth, i, !by.empty()));
    }
    const std::size_t g = groups.of_component(i, n);
    if (std::isfinite(v.rounded)) {
      largest[g] = std::max(largest[g], std::abs(v.rounded));
      scale[g] = std::max(scale[g], std::isfinite(v.scale) ? v.scale : 0);
    }
    if (std::isinf(v.rounded) && !std::isnan(v.sensitivity)) overflows[g] = true;
  }
  const bool ordinary_parameters =
      std::ranges::all_of(question.parameters, [dtype = question.dtype](const auto& each) {
        const auto* real = std::get_if<double>(&each.second);
        return !real || !is_far(*real, dtype);
      });
  for (std::size_t g = 0; g < out.size(); ++g) {
    Regime& regime = out[g].regime;
    bool special = false, ordinary = ordinary_parameters;
    for (const Groups::Number& each : groups.numbers(question, g)) {
      special = special || !std::isfinite(*each.value);
      ordinary = ordinary && !is_far(*each.value, question.dtype);
    }
    const bool vanishing = largest[g] > 0 && largest[g] < format(question.dtype).smallest_normal();
    if (special)
      regime = Regime::special;
    else if (!ordinary || overflows[g] || vanishing)
      regime = Regime::extreme;
    else if (largest[g] > 0 && largest[g] < tail_unit(question.dtype) * scale[g])
      regime = Regime::tail;
  }
  return out;
}

}  // namespace assay::audit
