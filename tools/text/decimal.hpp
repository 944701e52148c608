// Single numbers as text: what codec.hpp's readers and writers share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tools/text/codec.hpp"

namespace assay {

/// What fits of a text from outside into a message of one line, in quotes; `excerpt_name` leaves the quotes
/// away where the text is an identifier.
std::string excerpt(std::string_view text);
std::string excerpt_name(std::string_view text);

/// The decimal 0.25, 100 or 1e-40 whose significant digits, without zeros at either end, are `digits` and
/// whose first one has this exponent.
std::string laid_out(bool negative, std::string_view digits, std::int64_t exponent);

/// Reads what `bits` writes: fixed-width lower-case hex.
std::optional<double> from_bits(Dtype dtype, std::string_view hex);

/// The integer that a JSON number is, however it is written (2, 2.0, 20e-1); nothing when it is none.
std::optional<std::int64_t> whole_number(std::string_view text);

/// A number or an array of numbers as integers. Throws CodecError naming `where`.
std::int64_t integer_from_json(const Json& value, std::string_view where);

}  // namespace assay
