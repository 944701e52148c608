// The corpus of known wrong implementations, measured by the program that has it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/cases/selection.hpp"
#include "tools/tolerances/measured.hpp"

namespace assay::tolerances {

/// Starts the companion assay-mutants and reads what it measures on the selected golden files of `folder`,
/// those that exist, in the order of the catalogue. `progress` asks for a word on standard error now and
/// then. Throws UsageError where none exists, or the program cannot be had or fails: why, in one line.
std::vector<Measured> measured_corpus(const std::filesystem::path& folder, const Selection& selection,
                                      bool progress);

/// The same kept in a file, from which another tolerance is answered at once.
std::string write_corpus(const std::vector<Measured>& all);
/// Of it what is selected. Throws UsageError, one line that begins with `where`: for what is no such text, or
/// holds nothing of a loss and dtype that `folder` has a golden file of.
std::vector<Measured> read_corpus(std::string_view text, std::string_view where,
                                  const std::filesystem::path& folder, const Selection& selection);

}  // namespace assay::tolerances
