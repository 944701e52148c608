// Between JSON and cases: tensors in their three encodings,
// numbers in their shortest decimals, canonical ids.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "reference/cases/case.hpp"
#include "tools/text/json.hpp"

namespace assay {

/// A mistake of whoever wrote the text: one line, names the field and the rule.
struct CodecError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class Encoding : std::uint8_t { data, bits, base64 };

/// The shortest decimal that reads back to x in the dtype, directly and through binary64; "NaN", "Infinity",
/// "-Infinity" for the rest. As a JSON value: a number, or one of these strings.
std::string shortest(Dtype dtype, double x);
Json number_to_json(Dtype dtype, double x);
/// A decimal rounded once to the dtype, or one of the three strings. Throws CodecError naming `where`.
double number_from_json(const Json& value, Dtype dtype, std::string_view where);

/// "3f000000", "bff0000000000000"; every NaN is the canonical one.
std::string bits(Dtype dtype, double x);

Json tensor_to_json(const Tensor& t, Dtype dtype, Encoding encoding);
/// `where` names the tensor in errors. `integer` says what the record says.
Tensor tensor_from_json(const Json& value, Dtype dtype, bool integer, std::string_view where);

/// Reads section 3's case. Unknown fields named in `ignored` pass, others are errors. Unknown losses, inputs
/// and parameters are read as they stand: why_invalid says what is wrong with them.
Case case_from_json(const Json& value, const std::vector<std::string_view>& ignored = {});
Json case_to_json(const Case& c, Encoding encoding);

/// The canonical text of section 3, and the id "<loss>/<dtype>/<12 hex digits>" made from it.
std::string canonical(const Case& c);
std::string canonical_id(const Case& c);

}  // namespace assay
