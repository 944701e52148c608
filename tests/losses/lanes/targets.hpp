// Which instruction sets the kernels can run on here, and how to make them run on one.
#pragma once

#include <hwy/targets.h>

#include <cstdint>
#include <vector>

namespace assay::tests {

/// What this machine has of the targets that kernels are compiled for, the best first. This file must be
/// compiled with the kernels' HWY_DISABLED_TARGETS.
inline std::vector<std::int64_t> targets() { return hwy::SupportedAndGeneratedTargets(); }

/// While it lives, all kernels run on this target.
class OnTarget {
 public:
  explicit OnTarget(std::int64_t target) { force(target); }
  ~OnTarget() { force(0); }
  OnTarget(const OnTarget&) = delete;
  OnTarget& operator=(const OnTarget&) = delete;

 private:
  static void force(std::int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  }
};

}  // namespace assay::tests
