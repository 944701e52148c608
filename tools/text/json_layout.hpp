// JSON laid out for people who read it, or a diff of it: golden files, cases by themselves.
#pragma once

#include <cstddef>
#include <string>

#include "tools/text/json.hpp"

namespace assay {

/// One line, a blank behind every comma and colon.
std::string json_line(const Json& value);

/// An object with each member on a line of its own, the later ones indented.
std::string json_block(const Json& object, std::size_t indent);

}  // namespace assay
