#include "tools/golden/golden_folder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "tools/text/codec_error.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;

fs::path program_folder() {
  std::error_code ignored;  // no /proc: the other places are left
  return fs::read_symlink("/proc/self/exe", ignored).parent_path();
}

bool is_folder(const fs::path& path) {
  std::error_code unreadable;
  return fs::is_directory(path, unreadable);
}

}  // namespace

fs::path golden_folder(const std::string& given) {
  if (!given.empty()) {
    if (is_folder(given)) return given;
    throw UsageError(
        fmt::format("no folder of golden files at {}; --golden takes the folder that holds LOSS.DTYPE.json",
                    printable(given)));
  }
  // A build folder lies in the source's, an installed program in PREFIX/bin.
  const fs::path program = program_folder();
  std::vector<fs::path> tried{program / "../golden/v1", program / "../share/assay/golden/v1", "golden/v1"};
  if (program.empty()) tried.erase(tried.begin(), tried.begin() + 2);
  for (const fs::path& each : tried)
    if (is_folder(each)) return each.lexically_normal();
  std::vector<std::string> names;
  for (const fs::path& each : tried) names.push_back(each.lexically_normal().string());
  throw UsageError(
      fmt::format("no golden files in {}; name their folder with --golden DIR, or write them with "
                  "'assay generate --out DIR'",
                  fmt::join(names, " or ")));
}

fs::path handpicked_folder(const fs::path& out) {
  const fs::path program = program_folder();
  const std::vector<fs::path> tried{out / ".." / "handpicked", program / "../golden/handpicked",
                                    program / "../share/assay/golden/handpicked", "golden/handpicked"};
  for (const fs::path& each : tried)
    if (is_folder(each)) return each.lexically_normal();
  throw UsageError(fmt::format(
      "no folder of hand-picked cases at {}; it stands beside the golden files, in golden/handpicked",
      printable((out / ".." / "handpicked").lexically_normal().string())));
}

std::vector<GoldenFile> read_golden_folder(const fs::path& folder, const Selection& selection) {
  std::vector<GoldenFile> files;
  for (const std::string& loss : selection.losses)
    for (const Dtype dtype : selection.dtypes) {
      const fs::path path = folder / golden_file_name(loss, dtype);
      std::error_code unreadable;
      if (!fs::exists(fs::symlink_status(path, unreadable))) continue;
      files.push_back(read_golden(path));
      if (const GoldenFile& file = files.back(); file.loss != loss || file.dtype != dtype)
        throw CodecError(fmt::format("{}: holds {} {}; it should be named {}", printable(path.string()),
                                     file.loss, name(file.dtype), golden_file_name(file.loss, file.dtype)));
    }
  if (files.empty())
    throw UsageError(
        fmt::format("{} has no golden file of {}; it would be {}", printable(folder.string()),
                    selection.losses.size() == 1 ? selection.losses.front() : "any loss selected",
                    golden_file_name(selection.losses.front(), selection.dtypes.front())));
  return files;
}

}  // namespace assay
