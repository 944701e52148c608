// What a verdict needs to know of a decided result beside the number itself: how far the exact one lies from
// it, A, n, S, and what else is right at a kink.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "reference/engines/ball_engine.hpp"
#include "reference/graph/recorded_gradients.hpp"
#include "reference/truth/decide.hpp"
#include "reference/truth/first_look.hpp"
#include "reference/truth/truth.hpp"

namespace assay::reference {

/// A case whose components are all decided.
struct Decided {
  const RecordedCase& recorded;
  const Roots& roots;
  std::span<const Real> adjoints;
  std::span<const std::pair<std::int32_t, Real>> floors;  ///< of A, by the leaf of a gradient
  std::span<const Decision> decisions;
  bool infinite;        ///< some input is
  Precision precision;  ///< with which the case begins
  long max_bits;
  BallEngine& engine;  ///< has decided what a ball decided and no limit
  FirstLook* look;     ///< where no decimals are asked for; null where they are
};

/// Adds all but the rounded results themselves.
void add_details(const Decided& decided, std::vector<Component>& components);

}  // namespace assay::reference
