// What is wrong with a text from outside, told to whoever wrote it.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "tools/text/json.hpp"

namespace assay {

/// A mistake of whoever wrote the text: one line, names the field and the rule.
struct CodecError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws CodecError: "where: message".
[[noreturn]] void fail_at(std::string_view where, std::string_view message);

/// The text that a JSON value is. Throws CodecError naming `where`.
const std::string& text_from_json(const Json& value, std::string_view where);

/// What fits of a text from outside into a message of one line, in quotes; `excerpt_name` leaves the quotes
/// away where the text is an identifier.
std::string excerpt(std::string_view text);
std::string excerpt_name(std::string_view text);

}  // namespace assay
