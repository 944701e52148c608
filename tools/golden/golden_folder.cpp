#include "tools/golden/golden_folder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "tools/text/codec_error.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/program_folder.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {

namespace fs = std::filesystem;

fs::path golden_folder(const std::string& given) {
  if (!given.empty()) {
    if (is_folder(given)) return given;
    throw UsageError(
        fmt::format("no folder of golden files at {}; --golden takes the folder that holds LOSS.DTYPE.json",
                    printable(given)));
  }
  const std::vector<fs::path> tried = places_of("golden/v1", "golden/v1");
  for (const fs::path& each : tried)
    if (is_folder(each)) return each;
  std::vector<std::string> names;
  for (const fs::path& each : tried) names.push_back(each.string());
  throw UsageError(
      fmt::format("no golden files in {}; name their folder with --golden DIR, or write them with "
                  "'assay generate --out DIR'",
                  fmt::join(names, " or ")));
}

fs::path handpicked_folder(const fs::path& out) {
  std::vector<fs::path> tried = places_of("golden/handpicked", "golden/handpicked");
  tried.insert(tried.begin(), (out / ".." / "handpicked").lexically_normal());
  for (const fs::path& each : tried)
    if (is_folder(each)) return each;
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
