#include "tools/reports/failure_pattern.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "tools/text/glob.hpp"

namespace assay {
namespace {

/// The parts between separators; with a blank, however many there are.
std::vector<std::string> parts(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (true) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (end > 0 || separator != ' ') out.emplace_back(text.substr(0, end));
    if (end == text.size()) return out;
    text.remove_prefix(end + 1);
  }
}

/// The first word of a finding's id, of which the loss and the dtype are the next two.
constexpr std::array searches{std::string_view("audit/"), std::string_view("promise/"),
                              std::string_view("exhaustive/")};
constexpr std::string_view unsteady = "protocol/unsteady/";

std::string_view less_first_word(std::string_view glob) {
  for (const std::string_view each : searches)
    if (glob.starts_with(each)) return glob.substr(each.size());
  return glob.starts_with(unsteady) ? glob.substr(unsteady.size()) : glob;
}

bool any_matches(const std::vector<std::string>& globs, std::string_view text) {
  return std::ranges::any_of(globs, [&](const std::string& each) { return glob_matches(each, text); });
}

}  // namespace

FailurePattern::FailurePattern(std::string_view text) {
  const std::vector<std::string> words = parts(text, ' ');
  text_ = fmt::format("{}", fmt::join(words, " "));
  if (words.empty()) throw FailurePatternError("there is no pattern; write 'huber/f32/*  # why it fails'");
  glob_ = words.front();
  if (glob_.find(':') != std::string::npos)
    throw FailurePatternError(fmt::format(
        "'{}' comes before any pattern; write '*/*/* {}' for every loss and dtype", glob_, glob_));
  for (std::size_t i = 1; i < words.size(); ++i) conditions_.push_back(condition(words[i]));
}

FailurePattern::Condition FailurePattern::condition(std::string_view word) {
  constexpr std::array keys{std::pair{std::string_view("slug:"), Key::slug},
                            std::pair{std::string_view("flag:"), Key::flag},
                            std::pair{std::string_view("regime:"), Key::regime},
                            std::pair{std::string_view("variant:"), Key::variant}};
  for (const auto& [name, key] : keys) {
    if (!word.starts_with(name)) continue;
    Condition out{key, parts(word.substr(name.size()), ',')};
    for (const std::string& glob : out.globs) {
      if (glob.empty())
        throw FailurePatternError(
            fmt::format("'{}' has an empty glob; write '{}GLOB' or '{}GLOB,GLOB'", word, name, name));
      const auto is_like = [&](Regime r) { return glob_matches(glob, assay::name(r)); };
      if (key == Key::regime && std::ranges::none_of(regimes, is_like))
        throw FailurePatternError(
            fmt::format("no regime is like '{}'; there are everyday, tail, extreme, "
                        "degenerate, special and invalid",
                        glob));
    }
    return out;
  }
  throw FailurePatternError(fmt::format(
      "'{}' is no condition; after one glob come slug:GLOB, flag:GLOB, regime:GLOB or variant:GLOB", word));
}

bool FailurePattern::holds(const Condition& c, const FailureSubject& subject) {
  if (subject.loss.empty()) return false;
  switch (c.key) {
    case Key::slug:
      return any_matches(c.globs, subject.slug);
    case Key::flag:
      return std::ranges::any_of(subject.flags,
                                 [&](const std::string& flag) { return any_matches(c.globs, flag); });
    case Key::regime:
      return subject.regime && any_matches(c.globs, name(*subject.regime));
    case Key::variant:
      return !subject.variant || any_matches(c.globs, *subject.variant);
  }
  return false;
}

bool FailurePattern::matches(const FailureSubject& subject) const {
  const auto named = [&] {
    if (subject.slug.empty()) return false;
    // A place of an audit tells its loss and its dtype itself.
    if (subject.slug.find('/') != std::string::npos) return glob_matches(glob_, subject.slug);
    return glob_matches(glob_, fmt::format("{}/{}/{}", subject.loss, subject.dtype, subject.slug));
  };
  if (!glob_matches(glob_, subject.id) && !named()) return false;
  return std::ranges::all_of(conditions_, [&](const Condition& c) { return holds(c, subject); });
}

bool FailurePattern::may_be_of(std::string_view loss, std::string_view dtype) const {
  const std::string_view glob = less_first_word(glob_);
  const std::vector<std::string> words = parts(glob, '/');
  // Behind a dtype stands a variant, as in protocol/unsteady/huber/f32@layers.
  if (words.size() > 2 || (words.size() == 2 && glob_.starts_with(unsteady)))
    return glob_matches(words[0], loss) && glob_matches(words[1].substr(0, words[1].find('@')), dtype);
  // A star may stand for what is missing, slashes and all: only what comes before it tells anything.
  const std::size_t star = glob.find('*');
  return star != std::string_view::npos &&
         glob_matches(std::string(glob.substr(0, star)) + "*", fmt::format("{}/{}/", loss, dtype));
}

bool FailurePattern::may_be_of(Regime regime) const {
  return std::ranges::all_of(conditions_, [&](const Condition& c) {
    return c.key != Key::regime || any_matches(c.globs, name(regime));
  });
}

bool FailurePattern::is_of_golden_cases() const {
  if (is_of_searches()) return false;
  const auto is_golden = [](const Condition& c) { return c.key == Key::slug || c.key == Key::flag; };
  if (std::ranges::any_of(conditions_, is_golden)) return true;
  // LOSS/DTYPE/SLUG: an id ends in hex digits.
  const std::vector<std::string> words = parts(glob_, '/');
  return words.size() == 3 && glob_.find("protocol/") != 0 &&
         words.back().find_first_not_of("0123456789abcdef*?") != std::string::npos;
}

bool FailurePattern::is_of_searches() const {
  return std::ranges::any_of(searches, [&](std::string_view each) { return glob_.starts_with(each); });
}

}  // namespace assay
