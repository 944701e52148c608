// Between JSON and cases.
#pragma once

#include <string_view>
#include <vector>

#include "reference/cases/case.hpp"
#include "tools/text/tensor_codec.hpp"

namespace assay {

/// Reads section 3's case. Unknown fields named in `ignored` pass, others are errors. Unknown losses, inputs
/// and parameters are read as they stand: why_invalid says what is wrong with them. Throws CodecError.
Case case_from_json(const Json& value, const std::vector<std::string_view>& ignored = {});
Json case_to_json(const Case& c, Encoding encoding, Decimals decimals = Decimals::shortest);

}  // namespace assay
