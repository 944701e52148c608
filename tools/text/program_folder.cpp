#include "tools/text/program_folder.hpp"

#include <system_error>

namespace assay {

namespace fs = std::filesystem;

fs::path program_folder() {
  std::error_code ignored;  // no /proc: the other places are left
  return fs::read_symlink("/proc/self/exe", ignored).parent_path();
}

std::vector<fs::path> places_of(const std::string& in_source, const std::string& installed) {
  // A build folder lies in the source's, an installed program in PREFIX/bin.
  const fs::path program = program_folder();
  std::vector<fs::path> out;
  if (!program.empty()) {
    out.push_back((program / ".." / in_source).lexically_normal());
    out.push_back((program / "../share/assay" / installed).lexically_normal());
  }
  out.emplace_back(in_source);
  return out;
}

bool is_folder(const fs::path& path) {
  std::error_code unreadable;
  return fs::is_directory(path, unreadable);
}

}  // namespace assay
