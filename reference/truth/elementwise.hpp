// The quick way to the value of an element-wise loss: its formula is one small graph, the same for every
// element, so it is recorded once and evaluated over them.
#pragma once

#include <optional>

#include "reference/cases/case.hpp"

namespace assay::reference {

/// The correctly rounded values of a valid case without infinities; nothing where some number is special or
/// not decided at the first precision, which is then for the general way.
std::optional<std::vector<double>> elementwise_values(const Case& c);

}  // namespace assay::reference
