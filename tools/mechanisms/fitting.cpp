#include "tools/mechanisms/fitting.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace assay::mechanisms {

std::optional<double> crossing(double low, double high, const std::function<double(double)>& above) {
  double before = low, at = above(low);
  if (at == 0) return low;
  for (double c = low; c < high;) {
    c = std::min(4 * c, high);
    const double there = above(c);
    if (there == 0) return c;
    if (!std::isnan(at) && !std::isnan(there) && (at < 0) != (there < 0)) {
      double near = before, far = c;
      for (int i = 0; i < 48; ++i) {
        const double middle = near * std::sqrt(far / near);
        const double d = above(middle);
        if (d == 0) return middle;
        ((d < 0) == (at < 0) ? near : far) = middle;
      }
      return near * std::sqrt(far / near);
    }
    before = c;
    at = there;
  }
  return std::nullopt;
}

std::vector<double> written(double c) {
  std::vector<double> out;
  const auto add = [&](double x) {
    if (std::ranges::find(out, x) == out.end()) out.push_back(x);
  };
  // An answer that is rounded to the dtype fixes its constant to a few digits at least.
  const auto near = [&](double x) { return std::abs(x - c) <= .03 * std::abs(c); };
  for (const int digits : {1, 2, 3})
    if (const double x = std::strtod(fmt::format("{:.{}e}", c, digits - 1).c_str(), nullptr); near(x)) add(x);
  // A few digits are all that a small constant leaves in an answer that is large.
  const double decade = std::strtod(
      fmt::format("1e{}", static_cast<int>(std::lround(std::log10(std::abs(c))))).c_str(), nullptr);
  if (std::abs(decade / std::abs(c) - 1) <= .3) add(std::copysign(decade, c));
  const double power = std::exp2(std::round(std::log2(std::abs(c))));
  if (near(std::copysign(power, c))) add(std::copysign(power, c));
  add(c);
  return out;
}

std::string constant_text(double c) {
  int e = 0;
  if (std::frexp(std::abs(c), &e) == .5 && (e < -5 || e > 20))
    return fmt::format("{}2^{}", c < 0 ? "-" : "", e - 1);
  return fmt::format("{:.6g}", c);
}

}  // namespace assay::mechanisms
