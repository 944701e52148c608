#include "tools/audit/moves.hpp"

#include <cmath>

namespace assay::audit {
namespace {

double steps_away(Dtype dtype, double x, int steps) {
  for (; steps > 0; --steps) x = next_up(dtype, x);
  for (; steps < 0; ++steps) x = next_down(dtype, x);
  return x;
}

int up_to(Random& random, int most) {
  return 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(most)));
}

double either_sign(Random& random, double x) { return random.once_in(2) ? x : -x; }

/// Another number in the place of x. `others` are those of its group.
double changed(Dtype dtype, double x, const std::vector<Groups::Number>& others, Random& random) {
  const int bits = format(dtype).precision;
  const double other = *others[random.below(others.size())].value;
  switch (random.below(12)) {
    case 0:
      return steps_away(dtype, x, up_to(random, 4));
    case 1:
      return steps_away(dtype, x, -up_to(random, 4));
    case 2:  // one bit of the significand
    case 3:
      return x + either_sign(random, std::ldexp(x, -up_to(random, bits)));
    case 4:
      return std::ldexp(x, up_to(random, 3));
    case 5:
      return std::ldexp(x, -up_to(random, 3));
    case 6:  // nearly another number of the group
      return other * (1 + std::ldexp(random.symmetric(), -up_to(random, bits + 4)));
    case 7:
      return other + either_sign(random, std::ldexp(random.unit(), -up_to(random, 40)));
    case 8:
      return -x;
    case 9:
      return x * (1 + random.symmetric());
    case 10:
      return x + random.symmetric() * 8;
    default: {  // fewer digits: ties and exact sums lie there
      const double step = std::ldexp(1, std::ilogb(x == 0 ? 1 : x) - up_to(random, 12));
      return std::round(x / step) * step;
    }
  }
}

}  // namespace

bool fits(const Cell& cell, double x) {
  if (!std::isfinite(x)) return cell.aim == Aim::special;
  return cell.aim == Aim::extreme || cell.aim == Aim::special || !is_far(x, cell.dtype);
}

void move(const Cell& cell, Case& c, const Groups& groups, std::size_t group, Random& random) {
  const std::vector<Groups::Number> all = groups.numbers(c, group);
  if (all.empty()) return;
  const auto set = [&](const Groups::Number& number, double x) {
    x = round_to(c.dtype, x);
    if (!fits(cell, x)) return;
    // A domain that hangs on a parameter is checked with the case; every other one here.
    if (number.input && !number.input->domain.contains(x)) return;
    *number.value = x;
  };
  if (random.once_in(6)) {  // all of one input alike: a shift of a row, another scale
    const Groups::Number& first = all[random.below(all.size())];
    const bool shift = random.once_in(2);
    const double by = shift ? random.symmetric() * 8 : std::ldexp(1, static_cast<int>(random.below(5)) - 2);
    for (const Groups::Number& each : all)
      if (each.input == first.input) set(each, shift ? *each.value + by : *each.value * by);
    return;
  }
  for (int k = random.once_in(3) ? 2 : 1; k > 0; --k) {
    const Groups::Number& number = all[random.below(all.size())];
    set(number, changed(c.dtype, *number.value, all, random));
  }
}

}  // namespace assay::audit
