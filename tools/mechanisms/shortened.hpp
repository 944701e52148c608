// A case without its last rows.
#pragma once

#include <cstdint>
#include <functional>

#include "reference/cases/case.hpp"

namespace assay::mechanisms {

/// Cuts the leading axis of the first input, and of all inputs that have it, to keep(extent). False where it
/// has none or nothing is left of it; what comes out may be outside the domain.
bool shorten(Case& c, const std::function<std::int64_t(std::int64_t)>& keep);

}  // namespace assay::mechanisms
