#include "tools/reports/known_failures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "tools/text/glob.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

std::string_view trimmed(std::string_view s) {
  constexpr char blank = ' ';
  const std::size_t first = s.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(blank) - first + 1);
}

/// "huber/f32/*": the part before the first slash, or between the first and the second.
std::string_view segment(std::string_view pattern, int index) {
  for (; index > 0; --index) {
    const std::size_t slash = pattern.find('/');
    if (slash == std::string_view::npos) return {};
    pattern.remove_prefix(slash + 1);
  }
  const std::size_t slash = pattern.find('/');
  return slash == std::string_view::npos ? std::string_view{} : pattern.substr(0, slash);
}

bool left_out(std::string_view part, const std::vector<std::string>& chosen,
              const std::vector<std::string>& all) {
  const auto matches = [&](const std::string& name) { return glob_matches(part, name); };
  return !part.empty() && std::none_of(chosen.begin(), chosen.end(), matches) &&
         std::any_of(all.begin(), all.end(), matches);
}

}  // namespace

KnownFailures::KnownFailures(const std::filesystem::path& path) {
  const auto fault = [&](int line, std::string_view what) {
    return std::runtime_error(fmt::format("{}:{}: {}", printable(path.string()), line, what));
  };
  std::ifstream in(path);
  if (!in || std::filesystem::is_directory(path))
    throw std::runtime_error(fmt::format("cannot read the known failures in {}: {}", printable(path.string()),
                                         in ? "it is a directory" : std::strerror(errno)));
  std::string text;
  for (int line = 1; std::getline(in, text); ++line) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\t' || c == '\r'; }, ' ');
    if (printable(text) != text) throw fault(line, "is not plain UTF-8 text; write 'PATTERN  # reason'");
    const std::size_t hash = text.find('#');
    const std::string_view pattern = trimmed(std::string_view(text).substr(0, hash));
    if (pattern.empty()) continue;  // a blank line or a comment
    if (pattern.find(' ') != std::string_view::npos)
      throw fault(line, fmt::format("'{}' is not one pattern; write 'PATTERN  # reason'", pattern));
    const std::string_view reason =
        hash == std::string::npos ? std::string_view{} : trimmed(std::string_view(text).substr(hash + 1));
    if (reason.empty())
      throw fault(line, fmt::format("'{}' has no reason; write '{}  # why it fails'", pattern, pattern));
    for (const KnownFailure& each : entries_)
      if (each.pattern == pattern)
        throw fault(line, fmt::format("'{}' stands in line {} already; remove one", pattern, each.line));
    KnownFailure entry;
    entry.pattern = pattern;
    entry.reason = reason;
    entry.line = line;
    entries_.push_back(std::move(entry));
  }
  if (in.bad())
    throw std::runtime_error(fmt::format("cannot read the known failures in {}", printable(path.string())));
}

const KnownFailure* KnownFailures::note(std::string_view id, Event event) {
  const KnownFailure* excuse = nullptr;
  for (KnownFailure& each : entries_) {
    if (!glob_matches(each.pattern, id)) continue;
    each.seen = true;
    each.skipped = each.skipped || event == Event::skipped;
    if (event != Event::failed) continue;
    each.excused = true;
    if (!excuse) excuse = &each;
  }
  return excuse;
}

void KnownFailures::withhold(std::string_view id) {
  for (KnownFailure& each : entries_) each.withheld = each.withheld || glob_matches(each.pattern, id);
}

std::vector<KnownFailures::Stale> KnownFailures::stale(const Scope& scope) const {
  std::vector<Stale> all;
  for (const KnownFailure& each : entries_) {
    if (each.excused || each.withheld) continue;
    if (!each.seen && (left_out(segment(each.pattern, 0), scope.losses, scope.all_losses) ||
                       left_out(segment(each.pattern, 1), scope.dtypes, scope.all_dtypes)))
      continue;
    all.push_back({each.pattern,
                   !each.seen     ? "matches nothing that was asked"
                   : each.skipped ? "was skipped, which no reason excuses"
                                  : "passes now",
                   each.line});
  }
  return all;
}

}  // namespace assay
