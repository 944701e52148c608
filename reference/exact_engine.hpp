// Exact results, where a result is a fraction although its formula is not: ties that no enclosure ever decides.
//
// A node is kept as a quotient of sums of r e^a, r and a fractions, plus fractions times logarithms of such sums.
// Sums are written from their largest exponential down, so that log(1+e^x) - log(1+e^-x) is x, the softmax of a
// row of equal numbers is 1/C, and log(e^x) is x. What has no such form is not known here, and stays with the balls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reference/real.hpp"

namespace assay::reference {

/// "numerator/denominator" or an integer, when the node is that fraction; nothing when that is not seen.
std::optional<std::string> exact_fraction(const Graph& graph, std::int32_t node);

}  // namespace assay::reference
