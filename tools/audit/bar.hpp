// What an answer is held to in an audit, and how far below or beyond it each group of a case is.
#pragma once

#include <vector>

#include "tools/audit/groups.hpp"
#include "tools/judge/grade.hpp"
#include "tools/judge/regime.hpp"
#include "tools/search/tolerance.hpp"

namespace assay::audit {

class Bar {
 public:
  /// The least grade that conforms.
  explicit Bar(Grade required) : required_(required) {}
  /// What the record declares of its kernel, in this dtype; gradients of which nothing is declared are held
  /// to `stable`.
  Bar(const Record& record, Dtype dtype, const std::string& by);

  [[nodiscard]] Grade required() const { return required_; }
  [[nodiscard]] bool declared() const { return declared_.has_value(); }

  /// How many units in the last place of the exact result component i may be off.
  [[nodiscard]] double allowed(Dtype dtype, const reference::TensorTruth& truth, std::size_t i,
                               bool gradient) const;
  /// Of `stable`, whatever the bar: what rounding alone excuses.
  [[nodiscard]] static double excused(Dtype dtype, const reference::TensorTruth& truth, std::size_t i);

 private:
  Grade required_ = Grade::stable;
  std::optional<search::Tolerance> declared_;
};

/// The error in units in the last place, from a truth without decimals, to 1e-4. A finite result beyond the
/// range, of which the decimals alone tell the distance, counts as met.
double ulps_off(double answer, const reference::Component& truth, Dtype dtype);

/// What was seen of one group.
struct Sight {
  double height = 0;                 ///< the largest error over what is allowed: beyond 1 it does not conform
  double ulps = 0;                   ///< of the largest error in units, wherever it is
  std::size_t at = 0;                ///< and where it is
  Regime regime = Regime::everyday;  ///< of this group, as far as numbers tell
};

/// One for each group. The answer has the tensor of the output in the right shape.
std::vector<Sight> sights(const Bar& bar, const Groups& groups, Case& question, const std::string& by,
                          const Tensor& got, const reference::TensorTruth& truth);

}  // namespace assay::audit
