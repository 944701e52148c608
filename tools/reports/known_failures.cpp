#include "tools/reports/known_failures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "tools/text/printable.hpp"

namespace assay {
namespace {

std::string_view trimmed(std::string_view s) {
  constexpr char blank = ' ';
  const std::size_t first = s.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(blank) - first + 1);
}

bool contains(const std::vector<std::string>& all, const std::string& each) {
  return std::ranges::find(all, each) != all.end();
}

/// Whether the entry may be about something that the run leaves out.
bool may_be_left_out(const FailurePattern& pattern, const KnownFailures::Scope& scope) {
  for (const std::string& loss : scope.all_losses)
    for (const std::string& dtype : scope.all_dtypes)
      if (!(contains(scope.losses, loss) && contains(scope.dtypes, dtype)) && pattern.may_be_of(loss, dtype))
        return true;
  if (scope.regimes.empty()) return false;
  return std::ranges::any_of(regimes, [&](Regime each) {
    return std::ranges::find(scope.regimes, each) == scope.regimes.end() && pattern.may_be_of(each);
  });
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
    const std::string_view before = trimmed(std::string_view(text).substr(0, hash));
    if (before.empty()) continue;  // a blank line or a comment
    const std::string_view reason =
        hash == std::string::npos ? std::string_view{} : trimmed(std::string_view(text).substr(hash + 1));
    try {
      entries_.push_back({FailurePattern(before), std::string(reason), line});
    } catch (const FailurePatternError& e) {
      throw fault(line, e.what());
    }
    const std::string& pattern = entries_.back().pattern.text();
    if (reason.empty())
      throw fault(line, fmt::format("'{}' has no reason; write '{}  # why it fails'", pattern, pattern));
    for (const KnownFailure& each : entries_)
      if (each.line < line && each.pattern.text() == pattern)
        throw fault(line, fmt::format("'{}' stands in line {} already; remove one", pattern, each.line));
  }
  if (in.bad())
    throw std::runtime_error(fmt::format("cannot read the known failures in {}", printable(path.string())));
}

const KnownFailure* KnownFailures::note(const FailureSubject& subject, Event event) {
  const KnownFailure* excuse = nullptr;
  for (KnownFailure& each : entries_) {
    if (!each.pattern.matches(subject)) continue;
    each.seen = true;
    each.skipped = each.skipped || event == Event::skipped;
    if (event != Event::failed) continue;
    each.excused = true;
    if (!excuse) excuse = &each;
  }
  return excuse;
}

const KnownFailure* KnownFailures::note(const ReportedCase& c, std::string_view finding, Event event) {
  const KnownFailure* by_case = note(subject_of(c), event);
  const KnownFailure* by_finding = finding.empty() ? nullptr : note(finding, event);
  return by_case ? by_case : by_finding;
}

const KnownFailure* KnownFailures::note(std::string_view finding, Event event) {
  return note(FailureSubject{.id = std::string(finding)}, event);
}

void KnownFailures::withhold(const FailureSubject& subject) {
  for (KnownFailure& each : entries_) each.withheld = each.withheld || each.pattern.matches(subject);
}

std::vector<KnownFailures::Stale> KnownFailures::stale(const Scope& scope) const {
  std::vector<Stale> all;
  for (const KnownFailure& each : entries_) {
    const bool elsewhere = scope.search ? each.pattern.is_of_golden_cases() : each.pattern.is_of_searches();
    if (each.excused || each.withheld || (!each.seen && elsewhere)) continue;
    if (may_be_left_out(each.pattern, scope)) continue;
    all.push_back({each.pattern.text(),
                   !each.seen     ? "matches nothing that was asked"
                   : each.skipped ? "was skipped, which no reason excuses"
                                  : "passes now",
                   each.line});
  }
  return all;
}

FailureSubject subject_of(const ReportedCase& c) {
  return {c.id, c.loss, c.dtype, c.slug, c.flags, c.regime, c.variant};
}

}  // namespace assay
