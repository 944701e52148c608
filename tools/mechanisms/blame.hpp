// Which operation of a formula spoils the result: the first that is wrong though its operands are right, and
// without which the result would be right.
#pragma once

#include <optional>
#include <string>

#include "tools/mechanisms/arithmetic.hpp"
#include "tools/mechanisms/rewriting.hpp"

namespace assay::mechanisms {

struct Blame {
  std::string mechanism;  ///< "overflowing-exponential"
  std::string sentence;   ///< "exp(x) overflows"
};

/// Of the formula in the dtype's arithmetic, at one of its roots, whose true value is known. Nothing where no
/// operation is to blame.
std::optional<Blame> blame(Dtype dtype, const Written& formula, std::int32_t root, double truth,
                           const Habits& habits);

}  // namespace assay::mechanisms
