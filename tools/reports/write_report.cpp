#include "tools/reports/write_report.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "tools/reports/report_json.hpp"
#include "tools/reports/report_junit.hpp"
#include "tools/reports/report_markdown.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;

struct Form {
  std::string_view ending;
  std::string (*write)(const Report&);
};
constexpr std::array forms{Form{".json", report_json}, Form{".xml", report_junit},
                           Form{".md", report_markdown}};

const Form* form_of(const fs::path& path) {
  for (const Form& each : forms)
    if (path.extension() == each.ending) return &each;
  return nullptr;
}

/// Devices and pipes cannot be replaced by a file beside them; they are written to. Errors name the path
/// given.
void write_into(const fs::path& target, const fs::path& path, const std::string& text) {
  std::FILE* file = std::fopen(target.c_str(), "wb");
  bool good = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  good = good && std::fflush(file) == 0;
  const int error = errno;
  if (file) std::fclose(file);
  if (!good)
    throw FileError(fmt::format("cannot write {}: {}", printable(path.string()), std::strerror(error)));
}

}  // namespace

void check_report_path(const fs::path& path) {
  if (!form_of(path))
    throw UsageError(fmt::format("no report ends like {}; there are .json, .xml (JUnit) and .md",
                                 printable(path.string())));
}

void write_report(const Report& report, const fs::path& path) {
  check_report_path(path);
  write_text(form_of(path)->write(report), path);
}

void write_text(const std::string& text, const fs::path& path) {
  std::error_code error;
  const fs::path target =
      fs::is_symlink(fs::symlink_status(path, error)) ? fs::weakly_canonical(path, error) : path;
  if (error && error != std::errc::no_such_file_or_directory)
    throw FileError(fmt::format("cannot write {}: {}", printable(path.string()), error.message()));
  const fs::file_status status = fs::status(target, error);
  if (fs::exists(status) && !fs::is_regular_file(status))
    write_into(target, path, text);
  else
    write_file(target, text);
}

}  // namespace assay
