// What a testee is known to get wrong: a pattern (failure_pattern.hpp) and a reason a line.
//
//   # torch clips the logarithm
//   binary_cross_entropy/f32/*                  # log clamped at -100, pytorch issue 1234
//   ctc/*/* slug:empty-* regime:degenerate      # no frames at all are refused
//
// The list cannot rot: an entry that no failure needs any longer fails the run. An entry may match cases that
// pass beside those that fail: it is stale when none fails.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tools/reports/failure_pattern.hpp"
#include "tools/reports/report.hpp"

namespace assay {

struct KnownFailure {
  FailurePattern pattern;
  std::string reason;
  int line = 0;
  bool excused = false;   ///< a failure matched
  bool skipped = false;   ///< a skip matched
  bool seen = false;      ///< anything that was asked matched
  bool withheld = false;  ///< something that this run leaves out matches
};

class KnownFailures {
 public:
  KnownFailures() = default;
  /// Throws std::runtime_error, one line that names the file and the line: unreadable, no pattern, no reason,
  /// a repeated pattern.
  explicit KnownFailures(const std::filesystem::path& path);

  enum class Event { passed, failed, skipped };
  /// Tells the list what became of a case, and of the finding that goes with it where there is one. Returns
  /// the entry that excuses a failure, one about the case before one about the finding, or null.
  const KnownFailure* note(const ReportedCase& c, std::string_view finding, Event event);
  /// Tells it of a finding that is about no single case; likewise.
  const KnownFailure* note(std::string_view finding, Event event);

  /// Tells the list of a case that this run was told to leave out: an entry that matches it may be needed
  /// there, and is none of this run's business.
  void withhold(const FailureSubject& subject);

  struct Stale {
    std::string pattern, why;
    int line;
  };
  /// What a run asks for, of all that there is.
  struct Scope {
    std::vector<std::string> losses, dtypes, all_losses, all_dtypes;
    std::vector<Regime> regimes{};  ///< empty: all, or the list was told of what is withheld
    bool search = false;            ///< an audit, which has no golden cases; else no search
  };
  /// The entries that nothing needed. One that may be about a loss, a dtype or a regime that the scope leaves
  /// out is none of this run's business; nor is one that matched nothing and is about golden cases (slugs,
  /// flags) in a search, or about a search's findings outside one, so that one list serves both.
  [[nodiscard]] std::vector<Stale> stale(const Scope& scope) const;

 private:
  const KnownFailure* note(const FailureSubject& subject, Event event);

  std::vector<KnownFailure> entries_;
};

/// A case as patterns see it.
FailureSubject subject_of(const ReportedCase& c);

}  // namespace assay
