// The two shapes of a comparison's page in Markdown.
#pragma once

#include <string>

#include "tools/reports/comparison.hpp"

namespace assay {

/// So many reports are columns; more are rows.
inline constexpr std::size_t most_columns = 4;

/// Reports as rows and names, without what changed between two versions of one.
std::string comparison_of_many(const Comparison& comparison);

}  // namespace assay
