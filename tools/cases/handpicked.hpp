// Cases picked by hand, kept as data in golden/handpicked/<loss>.json: public bug reports, worked values,
// kinks. The format is described in golden/handpicked/README.md.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tools/cases/case_builder.hpp"
#include "tools/golden/golden_file.hpp"

namespace assay {

struct Handpicked {
  std::map<std::string, Note> notes;           ///< the loss's own; the shared ones where it has none
  std::vector<PlannedCase> cases;              ///< those for the dtype asked for
  std::map<std::string, std::string> omitted;  ///< slugs taken out by hand in this dtype, with the reason
};

/// The folder that belongs to golden files in `out`: beside it, else the one of the program's source tree,
/// else under the working directory. Throws UsageError when there is none.
std::filesystem::path handpicked_folder(const std::filesystem::path& out);

/// A loss without a file of its own has no hand-picked cases. Throws CodecError naming file, case and field.
Handpicked read_handpicked(const std::filesystem::path& folder, const Record& record, Dtype dtype);

/// "1.5", "-max", "min_subnormal", "1+epsilon", "1-epsilon/2", "88.72+2ulp", "NaN", "-Infinity": the number
/// of the dtype. Throws CodecError naming `where`.
double number_named(std::string_view expression, Dtype dtype, const std::string& where);

}  // namespace assay
