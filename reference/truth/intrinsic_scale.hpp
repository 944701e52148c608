// S of the contract's section 7: the scale that a result has by itself, whatever its inputs are.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "reference/graph/recorded_case.hpp"
#include "reference/truth/input_dependence.hpp"

namespace assay::reference {

/// S of each root: of values, the sum or mean of the terms' own scales; of gradients, those of the terms that
/// the input reaches, times what the result multiplies each with, over the norm where the row was normalised.
/// `magnitude` gives |node| as a double.
std::vector<double> intrinsic_scales(const RecordedCase& r, std::span<const std::int32_t> roots,
                                     std::span<const Real> adjoints, const InputDependence& dependence,
                                     const std::function<double(std::int32_t)>& magnitude);

}  // namespace assay::reference
