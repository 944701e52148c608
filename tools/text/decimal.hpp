// Single numbers as text and as JSON: decimals that read back to the same number, bit patterns, integers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "losses/spec/dtype.hpp"
#include "tools/text/json.hpp"

namespace assay {

/// The shortest decimal that reads back to x in the dtype, directly and through binary64; "NaN", "Infinity",
/// "-Infinity" for the rest. As a JSON value: a number, or one of these strings.
std::string shortest(Dtype dtype, double x);
Json number_to_json(Dtype dtype, double x);
/// A decimal rounded once to the dtype, or one of the three strings. Throws CodecError naming `where`.
double number_from_json(const Json& value, Dtype dtype, std::string_view where);

/// "3f000000", "bff0000000000000"; every NaN is the canonical one.
std::string bits(Dtype dtype, double x);
/// Reads what `bits` writes: fixed-width lower-case hex.
std::optional<double> from_bits(Dtype dtype, std::string_view hex);

/// The decimal 0.25, 100 or 1e-40 whose significant digits, without zeros at either end, are `digits` and
/// whose first one has this exponent.
std::string decimal_text(bool negative, std::string_view digits, std::int64_t exponent);

/// The integer that a JSON number is, however it is written (2, 2.0, 20e-1); nothing when it is none.
std::optional<std::int64_t> whole_number(std::string_view text);
/// A JSON number as an integer of 64 bits. Throws CodecError naming `where`.
std::int64_t integer_from_json(const Json& value, std::string_view where);

}  // namespace assay
