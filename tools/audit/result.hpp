// What came of one strand of an audit, and of all of them: data that can be written down, read back and
// joined, so that it does not matter on how many machines they ran.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reference/truth/truth.hpp"
#include "tools/judge/grade.hpp"
#include "tools/judge/regime.hpp"
#include "tools/text/json.hpp"

namespace assay::audit {

/// The worst answer that is known in one place.
struct Worst {
  Case question;
  Regime regime = Regime::everyday;
  Grade grade = Grade::correctly_rounded;
  double ulps = 0;       ///< the error, in units in the last place of the exact result
  double height = 0;     ///< the error over what is allowed
  double condition = 0;  ///< A / |v|; NaN where it has none
  std::string where;     ///< "value[3]"; or what is wrong with the answer's shape
  double got = 0;
  std::string expected;  ///< there, as a hex float; a span "[a, b]" at a kink
  std::string digits;    ///< there, the exact result
  /// The declared convention that `expected` and `ulps` are of; empty: the truth.
  std::string measured_from{};
  std::string convention{};  ///< that the answer follows: a declared one where it conforms, else another
  bool conforms = true;
};

/// A failure made simple, and why it fails.
struct Shrunk {
  Worst worst;
  std::int64_t trials = 0;
  std::string mechanism{}, sentence{}, evidence{};  ///< empty where no model explains it
  bool confident = false;
  std::string snippet{};  ///< the case in the testee's language
};

/// An answer that is missing though it was offered: an error, a crash, a time-out.
struct Silence {
  Case question;
  std::string finding;  ///< "protocol/crash"; empty: the testee said why
  std::string message;
  std::string detail{};  ///< what the testee last wrote to its standard error, as it came
};

/// Two answers of one testee to one question.
struct Unsteady {
  Case question;
  std::string message;
};

/// A promise on trial.
struct Trials {
  std::string sentence;  ///< "IsConvex"
  std::int64_t kept = 0, unjudged = 0;
  std::string why;              ///< empty: it was kept
  std::vector<Case> questions;  ///< whose answers break it
};

/// A number that is off, and what it is held to.
struct Error {
  double ulps = 0;       ///< infinity where it is not comparable
  double allowed = 0;    ///< in units too
  double condition = 0;  ///< A / |v|; NaN where it has none
  Grade grade = Grade::correctly_rounded;
};

/// In one regime, the largest error where the largest input of a row has that exponent (Groups::exponent).
using Binades = std::map<std::pair<Regime, int>, Error>;

struct StrandResult {
  std::size_t number = 0;
  std::string cell;  ///< its name; and what it says:
  std::string loss, dtype, output;
  std::string variant{};
  std::int64_t asked = 0;     ///< cases
  std::int64_t judged = 0;    ///< numbers held against a certified truth
  std::int64_t unjudged = 0;  ///< cases skipped, not answered or not decided
  double seconds = 0;
  std::vector<Worst> worst;  ///< one a regime at most
  std::optional<Shrunk> shrunk;
  std::optional<Silence> silence;
  std::optional<Unsteady> unsteady;
  std::optional<Trials> trials;
  Binades binades;
};

Json to_json(const StrandResult& result);
/// Throws CodecError naming the field.
StrandResult strand_result_from_json(const Json& value);

}  // namespace assay::audit
