// Stratified draws: a case of a cell, its numbers in one of the structures in which losses go wrong.
#pragma once

#include <optional>

#include "tools/audit/cell.hpp"
#include "tools/cases/random.hpp"

namespace assay::audit {

/// How the numbers of a draw are arranged.
enum class Structure : std::uint8_t {
  ordinary,
  one_exponent,    ///< a row's numbers are of one size, drawn from all sizes
  many_exponents,  ///< each of a size of its own
  saturated,       ///< where exponentials vanish or overflow; probabilities near their ends
  cancelling,      ///< inputs that are compared, and numbers of a row, are nearly equal
  tied,            ///< exactly equal
  dominant,        ///< one number of a row far above the rest
  parallel,        ///< rows that are compared point nearly the same way, or the opposite one
  kink,            ///< differences beside a parameter, numbers beside 0 and 1
  seam,            ///< a size of 2^k - 1, 2^k or 2^k + 1
  reduced,         ///< a sum or a mean of rows of unlike size
};
inline constexpr int structures = 11;

/// So many rows at most where rows do not meet.
struct Batch {
  std::int64_t elements = 48, rows = 12;
};

/// A valid case that asks for the cell's output and nothing else. Nothing where the testee offers none such.
std::optional<Case> drawn(const Cell& cell, const Handshake& handshake, Structure structure, Batch batch,
                          Random& random);

}  // namespace assay::audit
