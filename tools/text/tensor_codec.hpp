// Between JSON and tensors, in their three encodings.
#pragma once

#include <cstdint>
#include <string_view>

#include "reference/cases/case.hpp"
#include "tools/text/codec_error.hpp"
#include "tools/text/json.hpp"

namespace assay {

/// Decimals, hexadecimal patterns, or the bytes in little-endian order.
enum class Encoding : std::uint8_t { data, bits, base64 };

/// What a decimal of `data` is the shortest of: those that read back to the number in the dtype, as in golden
/// files; or those that do in binary64 (0.10000000149011612 for f32's 0.1), so that whoever reads doubles,
/// and rounds nothing, holds the very number.
enum class Decimals : std::uint8_t { shortest, binary64 };

/// Integers are written as `data` whatever the encoding.
Json tensor_to_json(const Tensor& t, Dtype dtype, Encoding encoding, Decimals decimals = Decimals::shortest);
/// `where` names the tensor in errors. `integer` says what the record says. Throws CodecError.
Tensor tensor_from_json(const Json& value, Dtype dtype, bool integer, std::string_view where);

}  // namespace assay
