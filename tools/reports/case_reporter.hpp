// What became of golden cases, for a report: the answers that came back, judged, and those that did not.
#pragma once

#include <string>
#include <vector>

#include "tools/golden/golden_file.hpp"
#include "tools/judge/judge.hpp"
#include "tools/reports/binades.hpp"
#include "tools/reports/known_failures.hpp"
#include "tools/reports/report.hpp"

namespace assay {

/// What becomes of an answer to a request outside the domain, which is due an error: it is reported, or it
/// fails.
enum class Errors : std::uint8_t { expected, required };

class CaseReporter {
 public:
  /// `required` is the least grade that conforms; `known` is told of everything that was asked. Both
  /// references are kept.
  CaseReporter(const Handshake& handshake, Grade required, KnownFailures& known,
               Errors errors = Errors::expected)
      : handshake_(handshake), required_(required), known_(known), errors_(errors) {}

  /// A case before it is asked, not offered as yet, of that variant of its loss. `golden_folder` and
  /// `command` as the command line gave them.
  static ReportedCase begin(const GoldenCase& golden, const std::string& variant,
                            const std::string& golden_folder, const std::vector<std::string>& command);
  /// An answer, or an error or a skip in its place.
  void answered(ReportedCase& c, const GoldenCase& golden, const Answer& answer);
  /// It never came back.
  void lost(ReportedCase& c, const Finding& finding);
  /// A finding that is about no single case.
  ReportedFinding found(Finding finding);
  /// The errors of all numbers that were judged, by the size of the input.
  [[nodiscard]] const BinadeTally& binades() const { return binades_; }

 private:
  void judged(ReportedCase& c, const GoldenCase& golden, const CaseVerdict& verdict, const Answer& answer);
  /// What came in place of what, at which inputs.
  void tell_error(ReportedCase& c, const GoldenCase& golden, const CaseVerdict& verdict,
                  const Answer& answer) const;
  void pass(ReportedCase& c);
  void unchecked(ReportedCase& c, const std::string& message);
  void fail(ReportedCase& c, const std::string& finding, const std::string& message);

  const Handshake& handshake_;
  Grade required_;
  KnownFailures& known_;
  Errors errors_;
  BinadeTally binades_{};
};

}  // namespace assay
