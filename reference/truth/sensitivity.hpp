// A of the contract's section 7: how far a number moves, in all, when each input moves by its own size,
// measured from its origin. A numeric reverse sweep in balls over the recorded graph, gradients included.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "reference/engines/ball_engine.hpp"
#include "reference/graph/descent.hpp"
#include "reference/graph/operations/sensitivity_step.hpp"
#include "reference/graph/recorded_case.hpp"
#include "reference/truth/decide.hpp"
#include "reference/truth/origins.hpp"

namespace assay::reference {

class Sensitivity {
 public:
  Sensitivity(const RecordedCase& recorded, Precision precision);
  Sensitivity(const Sensitivity&) = delete;
  Sensitivity& operator=(const Sensitivity&) = delete;

  /// sum_k factor_k node_k
  using Sum = std::span<const std::pair<std::int32_t, int>>;

  /// A of a node; something above it where that is certain not to be above `enough`. Infinity where a
  /// derivative is infinite, or A beyond every double.
  double of(std::int32_t node, double enough = 0);
  /// |h| / A of h; 0 where no precision tells h from 0. A ratio, because at the end of a dtype's range
  /// neither h nor A need be a double.
  double relative_size(Sum h);
  /// |node| as a double.
  double magnitude(std::int32_t node);

 private:
  struct Swept {
    Ball size;
    bool infinite = false, settled = false;
  };
  void evaluate_at_least(long bits, std::int32_t node);
  Swept sweep(Sum sum);
  Swept settle(Sum sum, double enough = 0);
  /// |sum|, to 20 bits or, at the end, as it is; false where it is infinite or NaN.
  bool measure(Sum sum, Ball& size);

  void prepare_to_sweep();

  const RecordedCase& recorded_;
  const Graph& graph_;
  Precision precision_;
  BallEngine engine_;
  Descent descent_;
  long bits_ = 0;
  std::vector<std::uint8_t> evaluated_;
  std::optional<BallAdjoints> adjoints_;
  std::vector<Distance> distances_;        // |x - origin| of each input leaf that is not left out
  std::vector<std::int32_t> distance_of_;  // node -> index into distances_, or -1
  std::vector<std::uint8_t> marked_, counted_;
};

}  // namespace assay::reference
