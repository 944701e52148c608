// Cases picked by hand, kept as data in golden/handpicked/<loss>.json: public bug reports, worked values,
// kinks. The format is described in golden/handpicked/README.md.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "losses/catalogue/records.hpp"
#include "tools/cases/annotated_case.hpp"
#include "tools/golden/golden_file.hpp"

namespace assay {

struct Handpicked {
  std::map<std::string, Note> notes;           ///< the loss's own; the shared ones where it has none
  std::vector<AnnotatedCase> cases;            ///< those for the dtype asked for
  std::map<std::string, std::string> omitted;  ///< slugs taken out by hand in this dtype, with the reason
};

/// A loss without a file of its own has no hand-picked cases. Throws CodecError naming file, case and field.
Handpicked read_handpicked(const std::filesystem::path& folder, const Record& record, Dtype dtype);

}  // namespace assay
