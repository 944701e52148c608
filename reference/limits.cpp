#include "reference/limits.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "reference/outline.hpp"

namespace assay::reference {
namespace {

constexpr std::int64_t far = 2048;  // 2^2048: twice the exponent of any f64

// Together; spread upwards; spread downwards; the first and the last far ahead of the others; all twice as
// far.
std::vector<StandIns> ways(std::int64_t count) {
  auto ahead = [](std::int64_t which) {
    return [which](std::int64_t k) { return StandIn{1, k == which ? 2 * far : far}; };
  };
  return {[](std::int64_t) {
            return StandIn{1, far};
          },
          [](std::int64_t k) {
            return StandIn{static_cast<double>(k + 1), far};
          },
          [count](std::int64_t k) {
            return StandIn{static_cast<double>(count - k), far};
          },
          ahead(0),
          ahead(count - 1),
          [](std::int64_t) {
            return StandIn{1, 2 * far};
          }};
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

}  // namespace

bool has_infinity(const Case& c) {
  for (const auto& [name, tensor] : c.inputs)
    if (std::any_of(tensor.real.begin(), tensor.real.end(), [](double x) { return std::isinf(x); }))
      return true;
  return false;
}

StandIns first_stand_ins() { return ways(1).front(); }

std::vector<Decision> limits(const Case& c, std::string_view convention) {
  std::int64_t count = 0;
  for (const auto& [name, tensor] : c.inputs)
    count += std::count_if(tensor.real.begin(), tensor.real.end(), [](double x) { return std::isinf(x); });

  std::vector<std::vector<Decision>> tried;
  for (const StandIns& way : ways(count)) {
    const Outline outline(c, convention, way);
    BallEngine engine(outline.recorded->sheet.graph);
    tried.push_back(decide(engine, outline.roots.nodes, c.dtype, limit_precision));
    decide_exactly(outline.recorded->sheet.graph, outline.roots.nodes, tried.back(), c.dtype);
  }
  std::vector<Decision> result = tried.front();
  for (std::size_t i = 0; i < result.size(); ++i) {
    bool all_agree = true, decided = true;
    for (const auto& way : tried) {
      decided &= way[i].decided;
      all_agree &= agree(way[i], result[i]);
    }
    Decision& d = result[i];
    d.decided = decided;
    if (!decided) continue;
    if (all_agree) {
      // A number that only overflowed is finite somewhere further in: here it stands for the infinity.
      if (std::isinf(d.rounded)) d.special = d.rounded > 0 ? Special::plus_infinity : Special::minus_infinity;
    } else if (grows(tried.front()[i], tried.back()[i])) {
      d.rounded = std::copysign(infinity, d.rounded);
      d.special = d.rounded > 0 ? Special::plus_infinity : Special::minus_infinity;
    } else {
      d = {true, Special::nan, std::numeric_limits<double>::quiet_NaN()};
    }
  }
  return result;
}

}  // namespace assay::reference
