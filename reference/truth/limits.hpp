// Infinite inputs: the result is the limit, component by component, where there is one. What "limit" means is
// tried, not assumed: finite numbers beyond every dtype stand in for the infinities, several ways, and a
// component on which all ways agree has that limit.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "reference/graph/recorded_case.hpp"
#include "reference/truth/decide.hpp"

namespace assay::reference {

[[nodiscard]] bool has_infinity(const Case& c);

/// The first of the ways; digits and sensitivities are read from it.
StandIns first_stand_ins();

/// A difference of a stand-in and an ordinary number needs all of the stand-in's bits and the dtype's range.
inline constexpr Precision limit_precision{2560, 20480};

/// Those components of the value and the gradients of the case, in this order.
std::vector<Decision> limits(const Case& c, std::string_view convention,
                             std::span<const std::size_t> components, Precision precision = limit_precision);

}  // namespace assay::reference
