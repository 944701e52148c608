// A testee's answer to one case, read from its line.
#pragma once

#include <variant>

#include "tools/testees/findings.hpp"
#include "tools/text/codec.hpp"

namespace assay {

/// The answer, or the finding that the line is none. Fields that the protocol does not know pass: an answer
/// may tell more than was asked.
std::variant<Answer, Finding> answer_from_json(Json value, Dtype dtype);

/// The field of an answer that says its outcome: "value", "skipped" or "error".
std::string_view field_of(Answer::Outcome outcome);

/// A tensor among whose fields others may stand. Throws CodecError.
Tensor answered_tensor(Json value, Dtype dtype, std::string_view where);

}  // namespace assay
