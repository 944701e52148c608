// Whole files, read and written at once: a reader finds the old text or the new one, never half of either.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace assay {

/// What the system refused, on which file, in one line.
struct FileError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws FileError.
std::string read_file(const std::filesystem::path& path);

/// Writes beside `path`, then renames; on any failure nothing is left behind and what was there stays. Throws
/// FileError.
void write_file(const std::filesystem::path& path, std::string_view text);

/// Throws FileError where write_file could not begin: makes the file beside `path` and takes it away again.
void check_room_beside(const std::filesystem::path& path);

}  // namespace assay
