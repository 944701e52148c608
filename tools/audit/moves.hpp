// Small changes of a group's numbers, on their bit patterns: what a climb tries.
#pragma once

#include "tools/audit/cell.hpp"
#include "tools/audit/groups.hpp"
#include "tools/cases/random.hpp"

namespace assay::audit {

/// Changes one number or a few; what comes out stays in the domains, finite and, where the aim is not
/// `extreme`, of ordinary size. Nothing changes where no move fits.
void move(const Cell& cell, Case& c, const Groups& groups, std::size_t group, Random& random);

/// Whether a number may stand in a case of the cell's aim.
bool fits(const Cell& cell, double x);

}  // namespace assay::audit
