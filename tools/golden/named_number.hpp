// Numbers as hand-picked cases name them, so that one text means the number of either dtype.
#pragma once

#include <string>
#include <string_view>

#include "losses/spec/dtype.hpp"

namespace assay {

/// "1.5", "-max", "min_subnormal", "1+epsilon", "1-epsilon/2", "88.72+2ulp", "NaN", "-Infinity": the number
/// of the dtype. Throws CodecError naming `where`.
double number_named(std::string_view expression, Dtype dtype, const std::string& where);

}  // namespace assay
