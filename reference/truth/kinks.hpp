// Where a gradient may be any member of a set: the component-wise hull of Clarke's subdifferential, and of
// both sides of a kink that is nearer than rounding can tell (contract, sections 1 and 7).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "reference/truth/sensitivity.hpp"

namespace assay::reference {

/// B: how many u A_h the argument h of a kink may be away from 0 for both sides to be open.
inline double kink_reach(std::int64_t input_count) {
  return 8 + 2 * std::ceil(std::log2(static_cast<double>(std::max<std::int64_t>(input_count, 1))));
}

class Kinks {
 public:
  Kinks(const RecordedCase& recorded, Sensitivity& sensitivity, Precision precision);

  /// Lower and upper end of the gradient's component `root`, rounded, which `input_count` numbers reach;
  /// nothing when no kink is near.
  std::optional<std::pair<double, double>> hull(std::int32_t root, std::int64_t input_count);

 private:
  /// A choice that a kink leaves open: one of several assignments of slopes to slope nodes.
  using Choice = std::vector<std::vector<std::pair<std::int32_t, std::int8_t>>>;
  [[nodiscard]] double unit_roundoff() const;
  double nearness(std::int32_t slope);
  double nearness_to_win(std::int32_t maximum, std::int64_t which);
  /// |a - b| / A of it.
  double gap(std::int32_t a, std::int32_t b);
  const std::vector<std::uint8_t>& winners(std::int32_t maximum);
  /// The slopes of a norm at the origin: together the unit ball.
  using Directions = std::vector<std::int32_t>;
  struct Open {
    std::vector<Choice> choices;
    std::vector<Directions> norms;  ///< of which several slopes reach the root
  };
  Open open(std::int32_t root, double bound);
  /// The ends of the root over those balls, the other slopes being `fixed`.
  std::optional<std::pair<double, double>> over_directions(std::int32_t root,
                                                           const std::vector<Directions>& norms,
                                                           std::vector<std::int8_t> fixed);

  const RecordedCase& recorded_;
  const Graph& graph_;
  Sensitivity& sensitivity_;
  Precision precision_;
  BallEngine engine_;
  Descent descent_;
  bool any_;                                                   // the graph has kinks
  std::map<std::int32_t, double> nearness_;                    // |h| / (u A_h), measured once each
  std::map<std::int32_t, std::vector<std::uint8_t>> winners_;  // of each maximum, which operands it is
};

}  // namespace assay::reference
