// Where the running program lies, and so what came with it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace assay {

/// The folder of the running program; empty where the system does not tell.
std::filesystem::path program_folder();

/// Where a folder of the suite may lie, the best first: `in_source` beside the build folder in the source
/// tree, `installed` under PREFIX/share/assay, and `in_source` under the working directory.
std::vector<std::filesystem::path> places_of(const std::string& in_source, const std::string& installed);

/// Whether it is a folder; one that cannot be looked at is none.
bool is_folder(const std::filesystem::path& path);

}  // namespace assay
