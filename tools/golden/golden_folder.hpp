// Which golden files a command is about, and where they lie.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "tools/golden/golden_file.hpp"

namespace assay {

/// What whoever typed the command has to change: one line. Exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Selection {
  std::vector<std::string> losses;  ///< in the catalogue's order
  std::vector<Dtype> dtypes;
};
/// The names given, or all when none are. Throws UsageError: "no loss named ...; did you mean ...?".
Selection select(const std::vector<std::string>& losses, const std::vector<std::string>& dtypes);

/// "no loss named "hubber"; did you mean "huber"? 'assay losses' lists all 20."
std::string no_such_loss(std::string_view name);

/// The folder given; else the one that came with the program, beside its source or installed; else golden/v1
/// under the working directory. Throws UsageError when there is none.
std::filesystem::path golden_folder(const std::string& given);

/// The selected files that exist there, in the catalogue's order. Throws CodecError for one that does not
/// hold what it should, FileError for one that cannot be read, UsageError where there is none at all.
std::vector<GoldenFile> read_golden_folder(const std::filesystem::path& folder, const Selection& selection);

}  // namespace assay
