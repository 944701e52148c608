// What one line of a list of known failures is about.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tools/judge/regime.hpp"

namespace assay {

/// What a pattern is held against: a case that was asked, or a finding that is about none and has only an id.
struct FailureSubject {
  std::string id;
  std::string loss{}, dtype{};  ///< empty: a finding
  std::string slug{};           ///< in an audit the place that it searched
  std::vector<std::string> flags{};
  std::optional<Regime> regime{};
  std::optional<std::string> variant{};  ///< nothing: it may be of any
};

/// A glob, then conditions that must all hold:
///
///   huber/f32/*                                the ids of cases, or of findings (protocol/echo/f32)
///   huber/*/both-sides-of-delta                LOSS/DTYPE/SLUG
///   ctc/*/* slug:empty-* regime:degenerate     both conditions
///   */f32/* flag:AllMasked,IgnoredRow          one of the flags is like one of the two
///
/// Conditions are slug:, flag:, regime: and variant:, each a list of globs of which one must match; a finding
/// about no case fulfils none.
class FailurePattern {
 public:
  /// Throws FailurePatternError: one line that says what to write.
  explicit FailurePattern(std::string_view text);

  [[nodiscard]] bool matches(const FailureSubject& subject) const;
  /// Whether a case of that loss and dtype, or a finding about them, may be meant: by the glob alone.
  [[nodiscard]] bool may_be_of(std::string_view loss, std::string_view dtype) const;
  /// Whether a case of that regime may be meant.
  [[nodiscard]] bool may_be_of(Regime regime) const;
  /// It is about what only golden files have: slugs and flags.
  [[nodiscard]] bool is_of_golden_cases() const;
  /// It is about the findings of a search: audit/..., promise/..., exhaustive/...
  [[nodiscard]] bool is_of_searches() const;
  /// With one blank between its words.
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  enum class Key : std::uint8_t { slug, flag, regime, variant };
  struct Condition {
    Key key = Key::slug;
    std::vector<std::string> globs{};
  };
  [[nodiscard]] static Condition condition(std::string_view word);
  [[nodiscard]] static bool holds(const Condition& c, const FailureSubject& subject);

  std::string text_, glob_;
  std::vector<Condition> conditions_;
};

struct FailurePatternError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace assay
