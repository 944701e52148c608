// Where the sizes of a case's inputs are measured from (contract, section 7: the origins of A).
#pragma once

#include <limits>
#include <optional>
#include <vector>

#include "reference/cases/case.hpp"

namespace assay::reference {

/// |x - origin| of each number of one input, as the two numbers; nothing where the number is left out.
struct Distance {
  double x = 0, origin = 0;
};
std::vector<std::optional<Distance>> distances(const Case& c, const Input* input, const Tensor& tensor);

}  // namespace assay::reference
