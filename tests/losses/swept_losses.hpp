// The losses that are functions of one number, and some that are once their other inputs are held: what the
// tests of all floats are about.
#pragma once

#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "tools/audit/sweep_plan.hpp"

namespace assay::audit {
/// How GoogleTest calls one.
inline void PrintTo(const SweepPlan& plan, std::ostream* out) { *out << plan.text(); }
}  // namespace assay::audit

namespace assay::tests {

/// Without what would be decided one number at a time: a slope that is the difference of two sigmoids, as of
/// cross-entropy against 1/2, vanishes at 0 with all the digits of both.
inline std::vector<audit::SweepPlan> swept_losses() {
  std::vector<audit::SweepPlan> all = audit::sweep_plans(select({}, {"f32"}));
  const auto add = [&](const char* loss, const char* swept,
                       std::vector<std::pair<std::string, double>> held) {
    all.push_back(audit::sweep_of(loss, Dtype::f32, swept, held));
  };
  for (const char* loss : {"mse", "mae", "msle", "huber", "smooth_l1", "log_cosh"})
    add(loss, "prediction", {{"target", 0}});
  for (const double target : {0, 1}) {
    add("binary_cross_entropy_with_logits", "logits", {{"target", target}});
    add("binary_cross_entropy", "probability", {{"target", target}});
  }
  add("gaussian_nll", "variance", {{"prediction", 0}, {"target", 0}});
  return all;
}

/// A name for GoogleTest: "hinge_f32_target_1".
inline std::string test_name(const audit::SweepPlan& plan) {
  std::string name;
  for (const char c : plan.text())
    if (c == '-')
      name += "minus_";
    else if (c == ' ' || c == '.')
      name += '_';
    else if (c != ',')
      name += c;
  return name;
}

}  // namespace assay::tests
