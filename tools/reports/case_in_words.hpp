// A golden case in words: what is asked, what is true, what came back, and the verdict on that. Texts of
// whole lines; what is not the suite's own is made visible.
#pragma once

#include <span>
#include <string>

#include "tools/golden/golden_file.hpp"
#include "tools/judge/judge.hpp"

namespace assay {

/// The case, where its loss is defined, its inputs, why it is there, and what its flags mean.
std::string question_in_words(const GoldenCase& golden, const GoldenFile& file);

/// What is expected of each output and, where there is an answer that fits, what came back and how far it is
/// off: of the truth, or of the convention among `declared` from which the judge measures it. The first
/// numbers, those that are off, and in any case the one farthest off.
std::string numbers_in_words(const GoldenCase& golden, const Answer* answer,
                             std::span<const std::string> declared);

/// The grade of the whole, where it is worst, and which convention it follows or is measured from.
std::string verdict_in_words(const GoldenCase& golden, const CaseVerdict& verdict);

}  // namespace assay
