// A certificate without decimals against the full one: all that a verdict asks for must be the same.
#pragma once

#include <cmath>
#include <string>
#include <utility>

#include "reference/truth/truth.hpp"
#include "tests/claims/answers.hpp"

namespace assay::tests {

inline bool same_number(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// A and S beside the full certificate's: a bound that is near. Sizes of which no verdict sees more than that
/// they are not 0 are all alike.
inline bool near_bound(double quick, double full, double value) {
  if (same_number(quick, full)) return true;
  // A ctc gradient's A is its value times the loss, which may stand at the very end of binary64's range.
  if (std::isinf(full)) return quick >= std::abs(value) * 0x1p1020 && quick > 0;
  if (quick >= full && quick <= std::abs(value) * 0x1p-20) return true;
  constexpr double invisible = 0x1p-1000;
  if (full != 0 && full < invisible) return quick > 0 && quick < 2 * invisible;
  return quick >= full * (1 - 0x1p-18) && quick <= full * 1.01;
}

/// In words; empty where they agree.
inline std::string disagreement(const reference::Component& quick, const reference::Component& full) {
  using reference::Component;
  const auto differs = [](const char* what, double a, double b) {
    return fmt::format("{} {:a}, with digits {:a}", what, a, b);
  };
  constexpr std::pair<const char*, double Component::*> same[] = {{"rounded", &Component::rounded},
                                                                  {"lower", &Component::lower},
                                                                  {"upper", &Component::upper},
                                                                  {"scale", &Component::scale}};
  for (const auto& [what, member] : same)
    if (!same_number(quick.*member, full.*member)) return differs(what, quick.*member, full.*member);
  if (quick.checked != full.checked) return differs("checked", quick.checked, full.checked);
  if (quick.input_count != full.input_count)
    return differs("input_count", static_cast<double>(quick.input_count),
                   static_cast<double>(full.input_count));
  if (!(std::abs(quick.offset - full.offset) <= 1e-4)) return differs("offset", quick.offset, full.offset);
  if (!near_bound(quick.sensitivity, full.sensitivity, full.rounded))
    return differs("sensitivity", quick.sensitivity, full.sensitivity);
  // What overflowed the dtype alone needs its decimals: nothing else says how far.
  const bool overflowed = std::isinf(full.rounded) && full.digits.find("nf") == std::string::npos;
  if (quick.digits != full.digits && (overflowed || !quick.digits.empty()))
    return "digits \"" + quick.digits + "\", with digits \"" + full.digits + "\"";
  return {};
}

inline std::string disagreement(const reference::TensorTruth& quick, const reference::TensorTruth& full,
                                const std::string& name) {
  if (quick.shape != full.shape || quick.components.size() != full.components.size())
    return name + " has another shape";
  for (std::size_t i = 0; i < quick.components.size(); ++i)
    if (const std::string what = disagreement(quick.components[i], full.components[i]); !what.empty())
      return fmt::format("{}[{}]: {}", name, i, what);
  return {};
}

/// Of the two certificates of one case.
inline std::string disagreement(const Case& c) {
  const reference::Truth quick = reference::certify(c, {.digits = false}), full = reference::certify(c);
  if (quick.error != full.error) return "error \"" + quick.error + "\", with digits \"" + full.error + "\"";
  if (quick.undecided != full.undecided)
    return "undecided \"" + quick.undecided + "\", with digits \"" + full.undecided + "\"";
  std::string what = disagreement(quick.value, full.value, "value");
  if (quick.gradient.size() != full.gradient.size()) return "other gradients";
  for (const auto& [name, gradient] : full.gradient)
    if (what.empty()) what = disagreement(quick.gradient.at(name), gradient, "gradient." + name);
  return what;
}

}  // namespace assay::tests
