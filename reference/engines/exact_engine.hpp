// Exact results, where a result is a fraction although its
// formula is not: ties that no enclosure ever decides.
// What has no exact form (numbers/exact_form.hpp) is not known here, and stays with the balls.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reference/graph/real.hpp"

namespace assay::reference {

struct ExactFraction {
  std::string text;  ///< "numerator/denominator" or an integer
  /// 0: the node is the fraction. 1, -1: it lies above or below by less than e^-12000, as a saturated softmax
  /// does, which still breaks a tie.
  int beside = 0;
};

/// The fractions that the nodes are or hug; nothing where that is not seen.
std::vector<std::optional<ExactFraction>> exact_fractions(const Graph& graph,
                                                          std::span<const std::int32_t> nodes);

}  // namespace assay::reference
