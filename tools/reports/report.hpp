// What a run of `verify` found: data, made once, written in several forms.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/judge/grade.hpp"
#include "tools/judge/regime.hpp"
#include "tools/testees/testee.hpp"

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
  Regime regime = Regime::everyday;
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
/// It fails, whether the known failures excuse it or not.
bool fails(const ReportedCase& c);

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

/// Cases as reports list them: the most ordinary regime first, else in the order given.
std::vector<const ReportedCase*> by_regime(std::span<const ReportedCase> cases);

/// Nothing failed that is not known, and nothing is known that did not fail.
bool conforms(const Report& report);

}  // namespace assay
