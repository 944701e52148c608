#include "tools/golden/find_case.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "losses/catalogue/records.hpp"
#include "tools/golden/golden_folder.hpp"
#include "tools/golden/lone_case.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/glob.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

constexpr std::size_t listed = 4;  // of the cases that a name may mean

/// The losses and dtypes that a name can be of: those it tells in full, else all.
Selection selection_of(const std::string& named) {
  const std::size_t first = named.find('/');
  const std::string loss = named.substr(0, first);
  if (first == std::string::npos || loss.find_first_of("*?") != std::string::npos)
    return select(find(loss) ? std::vector<std::string>{loss} : std::vector<std::string>{}, {});
  const std::string dtype = named.substr(first + 1, named.find('/', first + 1) - first - 1);
  return select({loss}, dtype_named(dtype) ? std::vector<std::string>{dtype} : std::vector<std::string>{});
}

std::string slug_of(const GoldenCase& c) {
  return fmt::format("{}/{}/{}", c.question.loss.name(), name(c.question.dtype), c.slug);
}

/// A case by its place: the file's, and its own in the file.
struct Place {
  std::size_t file = 0, index = 0;
};

/// Cases of one slug: that of f64, or of the first dtype, where they are of one loss.
FoundCase of_one_loss(const std::string& named, std::vector<GoldenFile> files,
                      const std::vector<Place>& all) {
  std::vector<std::string> losses;
  std::vector<std::string_view> dtypes;
  Place taken = all.front();
  for (const Place& each : all) {
    const GoldenFile& file = files[each.file];
    if (losses.empty() || losses.back() != file.loss) losses.push_back(file.loss);
    dtypes.push_back(name(file.dtype));
    if (file.dtype == Dtype::f64) taken = each;
  }
  if (losses.size() > 1) {
    const std::size_t some = std::min(losses.size(), listed);
    throw UsageError(
        fmt::format("\"{}\" is a case of {} losses: {}{}; write LOSS/{}", printable(named), losses.size(),
                    fmt::join(losses.begin(), losses.begin() + static_cast<std::ptrdiff_t>(some), ", "),
                    some < losses.size() ? ", ..." : "", printable(named)));
  }
  FoundCase out{std::move(files[taken.file]), taken.index};
  if (all.size() > 1)
    out.choice = fmt::format("{}, of {}", slug_of(out.golden()), fmt::join(dtypes, " and "));
  return out;
}

FoundCase golden_case(const std::string& named, const std::filesystem::path& folder) {
  std::vector<GoldenFile> files = read_golden_folder(folder, selection_of(named));
  const bool glob = named.find_first_of("*?") != std::string::npos;
  const auto slashes = std::ranges::count(named, '/');
  std::vector<Place> matching, same_slug;
  std::vector<std::string> matched, all;
  for (std::size_t f = 0; f < files.size(); ++f)
    for (std::size_t i = 0; i < files[f].cases.size(); ++i) {
      const std::string& id = files[f].cases[i].question.id;
      const std::string slug = slug_of(files[f].cases[i]);
      if (id == named || slug == named) return {std::move(files[f]), i};
      const GoldenCase& golden = files[f].cases[i];
      const std::string short_name = slashes == 0 ? golden.slug : files[f].loss + "/" + golden.slug;
      if (short_name == named) same_slug.push_back({f, i});
      all.push_back(id);
      all.push_back(slashes < 2 ? short_name : slug);
      if (glob ? !glob_matches(named, id) : !id.starts_with(named)) continue;
      matching.push_back({f, i});
      matched.push_back(id);
    }
  if (!same_slug.empty()) return of_one_loss(named, std::move(files), same_slug);
  if (matching.size() == 1) return {std::move(files[matching[0].file]), matching[0].index};
  if (matching.empty()) {
    const auto near = nearest(named, all);
    throw UsageError(fmt::format("no case \"{}\" in {}{}; 'assay verify --report FILE.json' lists all {}",
                                 printable(named), printable(folder.string()),
                                 near ? fmt::format("; did you mean {}?", printable(*near)) : "",
                                 all.size() / 2));
  }
  const std::size_t some = std::min(matched.size(), listed);
  throw UsageError(
      fmt::format("\"{}\" is {} cases: {}{}; name one", printable(named), matched.size(),
                  fmt::join(matched.begin(), matched.begin() + static_cast<std::ptrdiff_t>(some), ", "),
                  some < matched.size() ? ", ..." : ""));
}

/// The name of no golden case ends so; another file is one where it is there.
bool is_file(const std::string& named) {
  std::error_code none;
  return named.ends_with(".json") || std::filesystem::is_regular_file(named, none);
}

std::string standard_input() {
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

}  // namespace

FoundCase find_case(const std::string& named, const std::string& folder) {
  if (named == "-") return {read_lone_case(standard_input(), "standard input")};
  if (is_file(named)) return {read_lone_case(read_file(named), printable(named))};
  return golden_case(named, golden_folder(folder));
}

}  // namespace assay
