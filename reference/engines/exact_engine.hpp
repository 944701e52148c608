// Exact results, where a result is a fraction although its
// formula is not: ties that no enclosure ever decides.
// What has no exact form (numbers/exact_form.hpp) is not known here, and stays with the balls.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reference/graph/real.hpp"

namespace assay::reference {

struct ExactFraction {
  std::string text;  ///< "numerator/denominator" or an integer
  /// 0: the node is the fraction. 1, -1: it lies above or below by less than e^-12000, as a saturated softmax
  /// does, which still breaks a tie.
  int beside = 0;
};

/// The fraction that the node is or hugs; nothing when that is not seen.
std::optional<ExactFraction> exact_fraction(const Graph& graph, std::int32_t node);

}  // namespace assay::reference
