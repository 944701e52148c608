// The case that a person names.
#pragma once

#include <string>

#include "tools/golden/golden_file.hpp"

namespace assay {

struct FoundCase {
  GoldenFile file;
  std::size_t index = 0;
  std::string choice{};  ///< not empty: which of several cases of that name it is, in one line

  [[nodiscard]] GoldenCase& golden() { return file.cases[index]; }
};

/// `named` is the id of a golden case or the beginning of one, LOSS/DTYPE/SLUG, LOSS/SLUG (of f64, else of
/// the first dtype that has it), a SLUG that only one loss has (likewise), a glob that matches one id, or a
/// file of one case (lone_case.hpp); '-' is standard input. `folder` is where golden files lie; empty is the
/// folder that came with the program. Throws UsageError for what is no case, or several; CodecError and
/// FileError for files that cannot be read.
FoundCase find_case(const std::string& named, const std::string& folder);

}  // namespace assay
