// What a testee is known to get wrong: a glob over case ids (or findings' ids) and a reason a line.
//
//   # torch clips the logarithm
//   binary_cross_entropy/f32/*   # log clamped at -100, pytorch issue 1234
//
// The list cannot rot: an entry that no failure needs any longer fails the run.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

struct KnownFailure {
  std::string pattern;
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
  /// Throws std::runtime_error, one line that names the file and the line: unreadable, no reason, a repeated
  /// pattern.
  explicit KnownFailures(const std::filesystem::path& path);

  enum class Event { passed, failed, skipped };
  /// Tells the list what became of an id. Returns the reason that excuses a failure, or null.
  const KnownFailure* note(std::string_view id, Event event);

  /// Tells the list of a case that this run was told to leave out: an entry that matches it may be needed
  /// there, and is none of this run's business.
  void withhold(std::string_view id);

  struct Stale {
    std::string pattern, why;
    int line;
  };
  /// The entries that nothing needed. One about a loss or a dtype that `losses` and `dtypes` leave out, while
  /// `all_losses` and `all_dtypes` have it, is none of this run's business.
  struct Scope {
    std::vector<std::string> losses, dtypes, all_losses, all_dtypes;
  };
  [[nodiscard]] std::vector<Stale> stale(const Scope& scope) const;

 private:
  std::vector<KnownFailure> entries_;
};

}  // namespace assay
