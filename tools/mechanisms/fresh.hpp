// Fresh inputs of the kind of a witness: what is to be asked of a testee so that a model is tested on what it
// was not made from.
#pragma once

#include <cstdint>
#include <optional>

#include "tools/cases/random.hpp"
#include "tools/testees/testee.hpp"

namespace assay::mechanisms {

/// How far fresh inputs go: to the magnitudes of the witness, or away from them by any power of two up to
/// 2^24.
enum class Reach : std::uint8_t { near, wide };

/// A valid, complete case near the witness; `number` counts them, and chooses in which way it is near: most
/// have its shapes and magnitudes, some another reduction, other parameters, a cotangent, and a few come from
/// anywhere. Nothing where the testee offers none of that way. Deterministic.
std::optional<Case> fresh(const Case& witness, int number, Random& random, const Handshake* offers,
                          Reach reach);

}  // namespace assay::mechanisms
