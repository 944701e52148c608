// Cases of which a definition has nothing to say but by agreement: nothing to sum over, nothing to divide by,
// nothing to choose among.
#pragma once

#include "reference/cases/case.hpp"

namespace assay {

/// An axis of extent 0, a mean whose divisor is 0, a row that is normalised and all zeros, an overlap 0/0, or
/// one candidate at most. The case must be valid and its numbers finite.
bool is_degenerate(const Case& question);

/// The value of a parameter that is a number or a flag, which counts as 0 or 1, as the case gives it or by
/// default; rounded to its dtype. The record must have it.
double number_of(const Case& question, std::string_view parameter);

}  // namespace assay
