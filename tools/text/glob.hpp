// Globs over ids.
#pragma once

#include <string_view>

namespace assay {

/// `*` any characters, '/' too; `?` any one character; everything else itself.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace assay
