// A report as a file, in the form that its ending says.
#pragma once

#include <filesystem>

#include "tools/reports/report.hpp"

namespace assay {

/// Throws UsageError for an ending that no report has, and as check_writable.
void check_report_path(const std::filesystem::path& path);
/// Throws FileError, one line, where no file can be written: it is a directory, its folder is not there or
/// takes no new file. For whoever is about to work for the file's sake; leaves nothing behind.
void check_writable(const std::filesystem::path& path);
/// In the form that the ending says: written beside, then renamed. Throws FileError, one line; then nothing
/// half-written is left.
void write_report(const Report& report, const std::filesystem::path& path);
/// The text of a report that exists already, likewise.
void write_text(const std::string& text, const std::filesystem::path& path);

}  // namespace assay
