#include "tools/golden/golden_folder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "losses/catalogue/catalogue.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;

fs::path program_folder() {
  std::error_code ignored;  // no /proc: the working directory is left
  return fs::read_symlink("/proc/self/exe", ignored).parent_path();
}

bool is_folder(const fs::path& path) {
  std::error_code unreadable;
  return fs::is_directory(path, unreadable);
}

}  // namespace

std::string no_such_loss(std::string_view name) {
  std::vector<std::string> known;
  for (const Record& each : catalogue()) known.emplace_back(each.name);
  const auto near = nearest(name, known);
  return fmt::format("no loss named \"{}\"{} 'assay losses' lists all {}.", printable(name),
                     near ? fmt::format("; did you mean \"{}\"?", *near) : ";", known.size());
}

Selection select(const std::vector<std::string>& losses, const std::vector<std::string>& dtypes_named) {
  Selection chosen;
  for (const std::string& each : losses)
    if (!find(each)) throw UsageError(no_such_loss(each));
  for (const std::string& each : dtypes_named)
    if (!dtype_named(each))
      throw UsageError(fmt::format("no dtype named \"{}\"; there are {}", printable(each),
                                   fmt::join(dtype_names, " and ")));

  const auto wanted = [](const std::vector<std::string>& among, std::string_view one) {
    return among.empty() || std::find(among.begin(), among.end(), one) != among.end();
  };
  for (const Record& each : catalogue())
    if (wanted(losses, each.name)) chosen.losses.emplace_back(each.name);
  for (const Dtype each : dtypes)
    if (wanted(dtypes_named, name(each))) chosen.dtypes.push_back(each);
  return chosen;
}

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
