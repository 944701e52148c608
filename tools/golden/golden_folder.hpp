// Where golden files lie, and what they are made from.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/cases/selection.hpp"
#include "tools/golden/golden_file.hpp"

namespace assay {

/// The folder given; else the one that came with the program, beside its source or installed; else golden/v1
/// under the working directory. Throws UsageError when there is none.
std::filesystem::path golden_folder(const std::string& given);

/// The folder that belongs to golden files in `out`: beside it, else the one of the program's source tree,
/// else under the working directory. Throws UsageError when there is none.
std::filesystem::path handpicked_folder(const std::filesystem::path& out);

/// The selected files that exist there, in the catalogue's order. Throws CodecError for one that does not
/// hold what it should, FileError for one that cannot be read, UsageError where there is none at all.
std::vector<GoldenFile> read_golden_folder(const std::filesystem::path& folder, const Selection& selection);

}  // namespace assay
