// Everything that goes into one golden file, before anyone knows the truth.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "losses/catalogue/records.hpp"
#include "tools/cases/annotated_case.hpp"
#include "tools/golden/golden_file.hpp"

namespace assay {

struct FilePlan {
  std::vector<AnnotatedCase> cases;  ///< ids filled in, distinct; hand-picked first, then classes, then draws
  std::map<std::string, Note> notes;  ///< of the flags in use
};

/// At least `count` cases, and at least a dozen draws. A function of its arguments and the files in
/// `handpicked`. Throws CodecError for a fault in those, std::logic_error naming a case that is outside the
/// domain and not meant to be, or the other way round, or a flag without a note.
FilePlan plan_file(const Record& record, Dtype dtype, std::uint64_t seed, std::int64_t count,
                   const std::filesystem::path& handpicked);

}  // namespace assay
