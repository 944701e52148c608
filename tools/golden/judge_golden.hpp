// The verdict on an answer to a golden case.
#pragma once

#include "tools/golden/golden_file.hpp"
#include "tools/judge/judge.hpp"

namespace assay {

/// A golden file carries neither n nor S of the contract's section 7, which only ever widen a bound: where
/// one was missed without them, the reference is asked for both. The case must be no error.
CaseVerdict judge(const GoldenCase& golden, const Answer& answer);

}  // namespace assay
