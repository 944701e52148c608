// What a run of `verify` found: data, made once, written in several forms.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/judge/judge.hpp"
#include "tools/judge/regime.hpp"
#include "tools/reports/error_kind.hpp"
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
  std::string variant{};  ///< of the testee's offer; empty where it has none
  std::vector<std::string> flags;
  Regime regime = Regime::everyday;
  Status status = Status::conforming;

  std::optional<Grade> grade;  ///< nothing where no answer could be judged
  double ulps = 0;             ///< of the worst component, against the unrounded truth
  double condition = 0;        ///< A / |v| there; NaN where it has none
  std::string where;           ///< "value[3]": the worst component
  std::string got, expected;   ///< there, as hex floats; a span "[a, b]" at a kink
  std::string digits;          ///< there, the exact result
  std::string measured_from;  ///< the declared convention that `expected` and `ulps` are of; empty: the truth
  std::string convention;     ///< that the answer follows: of a case that conforms a declared one, without
                              ///< which it would not; of one that fails an undeclared one
  bool gradient_asked = false;
  /// The worst of the value, and of all gradients that were asked; nothing where no answer could be judged.
  std::optional<ComponentVerdict> value, gradient;

  Told told{};  ///< of what failed

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
  Severity severity = Severity::failure;
};
/// It fails the run: it is no note, and not known.
bool fails(const ReportedFinding& f);
/// "huber", "huber (layers)": a loss, and the variant of it, as tables name them.
std::string title(std::string_view loss, std::string_view variant);

/// An entry of the known failures that nothing needed.
struct StaleEntry {
  std::string pattern, why;
  int line = 0;
};

/// Failures that have one cause, told once.
struct Cause {
  std::string loss;
  std::string variant{};              ///< of the testee's offer; empty where it has none
  std::vector<std::string> dtypes{};  ///< in which it shows
  Regime regime = Regime::everyday;   ///< the most ordinary in which it shows
  std::string what{};  ///< "gradient is NaN where a number is due": the kind of error, in a few words
  std::vector<std::size_t>
      cases{};               ///< places in Report::cases; the first, the most ordinary and smallest, is told
  bool known = false;        ///< all of them are excused
  std::string reason{};      ///< then why
  std::string convention{};  ///< the one that the answers follow
  std::string inputs{}, inputs_hex{};  ///< of the case that is told: "prediction 2.5, target 0; delta 1"
  std::string got{}, expected{};       ///< there, in decimals
  std::string mechanism{}, sentence{}, evidence{};  ///< empty where no model explains it
  bool confident = false;
  std::string language{}, snippet{};  ///< the case as a program to paste
};

/// Of the numbers of one output whose inputs lie in one binade, the worst.
struct BinadeWorst {
  std::string loss, dtype;
  std::string variant{};
  std::string output{};  ///< "value", "gradient.logits"
  Regime regime = Regime::everyday;
  int exponent = 0;  ///< of the largest input of its row: in [2^exponent, 2^(exponent + 1))
  double ulps = 0;   ///< infinity where it is not comparable
  Grade grade = Grade::correctly_rounded;
  double condition = 0;  ///< A / |v| there; NaN where it has none
  double allowed = 0;    ///< the error in ulp that is stable there
  std::string id{};      ///< of the case
};

struct Report {
  std::string version;  ///< of the suite
  Implementation implementation;
  std::vector<std::string> command;  ///< TESTEE as typed; empty: the built-in kernels
  std::string golden;
  Grade require = Grade::stable;
  std::vector<ReportedCase> cases;  ///< in the catalogue's and the files' order
  std::vector<ReportedFinding> findings;
  std::vector<StaleEntry> stale;
  std::vector<Cause> causes{};  ///< of all failures, known ones too, as cause.hpp sorts them
  std::vector<BinadeWorst> binades{};
  std::string_view unit = "case";  ///< what its cases are called; of an audit, which has one a place, "place"
};

/// Cases as reports list them: the most ordinary regime first, else in the order given.
std::vector<const ReportedCase*> by_regime(std::span<const ReportedCase> cases);

/// Nothing failed that is not known, and nothing is known that did not fail.
bool conforms(const Report& report);

}  // namespace assay
