// What `assay tolerance` says, for people and as JSON.
#pragma once

#include <string>

#include "tools/text/json.hpp"
#include "tools/tolerances/known_tolerances.hpp"
#include "tools/tolerances/let_pass.hpp"

namespace assay::tolerances {

struct Question {
  PerDtype<Tolerance> tolerance;
  std::vector<Dtype> dtypes;  ///< those asked
  Operand operand = Operand::expected;
  const LibraryDefaults* like = nullptr;  ///< whose defaults the tolerance is
};

std::string text_of(const Question& question, const LetPass& result);
Json json_of(const Question& question, const LetPass& result);

}  // namespace assay::tolerances
