// A report as a file, in the form that its ending says.
#pragma once

#include <filesystem>

#include "tools/reports/report.hpp"

namespace assay {

/// Throws UsageError for an ending that no report has.
void check_report_path(const std::filesystem::path& path);
/// In the form that the ending says: written beside, then renamed. Throws FileError, one line; then nothing
/// half-written is left.
void write_report(const Report& report, const std::filesystem::path& path);
/// The text of a report that exists already, likewise.
void write_text(const std::string& text, const std::filesystem::path& path);

}  // namespace assay
