// What a run of `verify` found: data, made once, written in several forms.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tools/judge/judge.hpp"

namespace assay {

struct ReportedCase {
  enum class Status : std::uint8_t {
    conforming,
    failed,
    known,             ///< failed, and the known failures say why
    unchecked_domain,  ///< the request was invalid and got no error: reported, not failed
    not_offered,
  };
  std::string id, loss, dtype, slug;
  std::vector<std::string> flags;
  Status status = Status::conforming;

  std::optional<Grade> grade;  ///< nothing where no answer could be judged
  double ulps = 0;             ///< of the worst component, against the unrounded truth
  double condition = 0;        ///< A / |v| there; NaN where it has none
  std::string where;           ///< "value[3]": the worst component
  std::string got, expected;   ///< there, as hex floats; a span "[a, b]" at a kink
  std::string digits;          ///< there, the exact result
  std::string convention;      ///< the one that the answer matches

  std::string message;    ///< one line for people; empty when conforming
  std::string finding;    ///< the protocol's name for what went wrong
  std::string detail;     ///< what the testee last wrote to its standard error, as it came
  std::string reason;     ///< of the known failure
  std::string reproduce;  ///< a shell command
};
std::string_view name(ReportedCase::Status s);

struct ReportedFinding {
  std::string id, message;
  std::string reason;  ///< of the known failure; empty: the run fails
  std::string detail;  ///< as of a case
};

/// An entry of the known failures that nothing needed.
struct StaleEntry {
  std::string pattern, why;
  int line = 0;
};

struct Report {
  std::string version;  ///< of the suite
  Implementation implementation;
  std::vector<std::string> command;  ///< empty: the built-in kernels
  std::string golden;
  Grade require = Grade::stable;
  std::vector<ReportedCase> cases;  ///< in the catalogue's and the files' order
  std::vector<ReportedFinding> findings;
  std::vector<StaleEntry> stale;
};

/// The cases of one loss in one dtype, counted.
struct ReportRow {
  std::string loss, dtype;
  int cases = 0, conforming = 0, failed = 0, known = 0, unchecked_domain = 0, not_offered = 0;
  int conventional = 0;                 ///< of the conforming: by a convention that the testee declares
  const ReportedCase* worst = nullptr;  ///< no answer, then grade, then ulp; declared conventions aside
  const ReportedCase* worst_finite = nullptr;  ///< likewise, of those whose error is a number of ulp
};
std::vector<ReportRow> rows(const Report& report);
ReportRow total(const std::vector<ReportRow>& rows);

/// Nothing failed that is not known, and nothing is known that did not fail.
bool conforms(const Report& report);

/// "0.5", "12.3", "1.2e+09", "incomparable".
std::string ulps_text(double ulps);
/// "1.4", "9e+45", "inf"; nothing for NaN.
std::string condition_text(double condition);

/// One JSON object, one line a case:
/// {"schema": "assay-report-v1", "version", "implementation": {"name", "version", "language"}, "command":
/// [...],
///  "golden", "require", "conforms",
///  "losses": [{"loss", "dtype", "cases", "conforming", "failed", "known", "unchecked_domain", "not_offered",
///              "conventional", "worst": id or null}],
///  "cases": [{"id", "loss", "dtype", "slug", "flags", "status", "grade", "ulps", "condition", "where",
///  "got",
///             "expected", "digits", "convention", "message", "finding", "detail", "reason", "reproduce"}],
///  "findings": [{"id", "message", "reason", "detail"}], "stale": [{"pattern", "why", "line"}]}
/// A field of a case that has nothing to say is left out; a number that is not finite is one of the strings
/// of the golden files.
std::string report_json(const Report& report);
/// JUnit's XML: a suite for each loss and dtype, one for the protocol, one for entries that nothing needed.
std::string report_junit(const Report& report);
/// A short table for a README, and what failed.
std::string report_markdown(const Report& report);
/// For a terminal: the table, then each failure with its witness and its command.
std::string report_summary(const Report& report);

/// Throws UsageError for an ending that no report has.
void check_report_path(const std::filesystem::path& path);
/// In the form that the ending says: written beside, then renamed. Throws FileError, one line; then nothing
/// half-written is left.
void write_report(const Report& report, const std::filesystem::path& path);

}  // namespace assay
