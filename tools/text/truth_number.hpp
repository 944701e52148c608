// The two numbers of a truth that are not machine numbers of its dtype, as golden files and answers write
// them.
#pragma once

#include <string>

namespace assay {

/// The smallest decimal of three digits that is not below 1.0001 a; "0" for 0. `a` is nonnegative and finite.
/// The ten-thousandth covers the error of `a` itself. Where that is beyond binary64: the largest finite
/// number.
std::string sensitivity_text(double a);

/// An offset in ulp to four decimals, without trailing zeros: "0.25", "-0.5", "0".
std::string offset_text(double offset);

}  // namespace assay
