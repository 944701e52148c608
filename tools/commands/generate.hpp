// `assay generate`: golden files from hand-picked and generated cases, each with its certified truth.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/golden/make_golden.hpp"

namespace assay {

struct GenerateOptions {
  std::vector<std::string> losses;  ///< empty: all
  std::vector<std::string> dtypes;  ///< empty: all
  std::int64_t cases = 80;          ///< at least so many a file; draws from bits fill what is missing
  std::uint64_t seed = 7;
  std::string out;
  bool check = false;  ///< compare what lies in `out` with what its seed regenerates; write nothing
};

/// Returns the exit code: 0; 1 for an undecided case, a disagreement between backends, a difference found by
/// `check` or a file that cannot be written, each told in one line on standard error; 2 for usage. A summary
/// line for each file goes to standard output.
int generate(const GenerateOptions& options, const Oracle& oracle);

}  // namespace assay
