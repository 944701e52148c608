#include "tools/golden/golden_folder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>

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

namespace {

struct Wanted {
  std::string loss;
  Dtype dtype;
  fs::path path;
};

GoldenFile read(const Wanted& wanted) {
  GoldenFile file = read_golden(wanted.path);
  if (file.loss != wanted.loss || file.dtype != wanted.dtype)
    throw CodecError(fmt::format("{}: holds {} {}; it should be named {}", printable(wanted.path.string()),
                                 file.loss, name(file.dtype), golden_file_name(file.loss, file.dtype)));
  return file;
}

/// Of several that cannot be read the first is told, as if one were read after the other.
std::vector<GoldenFile> read_side_by_side(const std::vector<Wanted>& wanted) {
  std::vector<GoldenFile> files(wanted.size());
  std::vector<std::exception_ptr> failed(wanted.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < wanted.size(); i = next++) try {
        files[i] = read(wanted[i]);
      } catch (...) {
        failed[i] = std::current_exception();
      }
  };
  const std::size_t most =
      std::min<std::size_t>(wanted.size(), std::max(1U, std::thread::hardware_concurrency()));
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < most; ++i) others.emplace_back(work);
    work();
  }
  for (const std::exception_ptr& each : failed)
    if (each) std::rethrow_exception(each);
  return files;
}

}  // namespace

std::vector<GoldenFile> read_golden_folder(const fs::path& folder, const Selection& selection) {
  std::vector<Wanted> wanted;
  for (const std::string& loss : selection.losses)
    for (const Dtype dtype : selection.dtypes) {
      const fs::path path = folder / golden_file_name(loss, dtype);
      std::error_code unreadable;
      if (fs::exists(fs::symlink_status(path, unreadable))) wanted.push_back({loss, dtype, path});
    }
  if (wanted.empty())
    throw UsageError(
        fmt::format("{} has no golden file of {}; it would be {}", printable(folder.string()),
                    selection.losses.size() == 1 ? selection.losses.front() : "any loss selected",
                    golden_file_name(selection.losses.front(), selection.dtypes.front())));
  return read_side_by_side(wanted);
}

}  // namespace assay
