#include "tools/reports/write_report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "tools/reports/report_html.hpp"
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
                           Form{".md", report_markdown}, Form{".html", report_html}};

const Form* form_of(const fs::path& path) {
  for (const Form& each : forms)
    if (path.extension() == each.ending) return &each;
  return nullptr;
}

/// Where the path leads, and whether a file that is written beside it can take its place: devices and pipes
/// cannot be replaced, they are written to.
struct Target {
  fs::path path;
  bool replaceable = true;
};

Target target_of(const fs::path& path) {
  std::error_code error;
  Target out{fs::is_symlink(fs::symlink_status(path, error)) ? fs::weakly_canonical(path, error) : path};
  if (error && error != std::errc::no_such_file_or_directory)
    throw FileError(fmt::format("cannot write {}: {}", printable(path.string()), error.message()));
  const fs::file_status status = fs::status(out.path, error);
  out.replaceable = !fs::exists(status) || fs::is_regular_file(status);
  return out;
}

/// Errors name the path given.
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
    throw UsageError(fmt::format("no report ends like {}; there are .json, .html, .xml (JUnit) and .md",
                                 printable(path.string())));
  check_writable(path);
}

void check_writable(const fs::path& path) {
  const Target target = target_of(path);
  std::error_code error;
  if (fs::is_directory(target.path, error))
    throw FileError(fmt::format("cannot write {}: it is a directory", printable(path.string())));
  if (target.replaceable) return check_room_beside(target.path);
  if (access(target.path.c_str(), W_OK) != 0)
    throw FileError(fmt::format("cannot write {}: {}", printable(path.string()), std::strerror(errno)));
}

void write_report(const Report& report, const fs::path& path) {
  check_report_path(path);
  write_text(form_of(path)->write(report), path);
}

void write_text(const std::string& text, const fs::path& path) {
  const Target target = target_of(path);
  if (target.replaceable)
    write_file(target.path, text);
  else
    write_into(target.path, path, text);
}

}  // namespace assay
