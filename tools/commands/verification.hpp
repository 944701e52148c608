// What `verify` and `judge` share: golden cases are put to a testee, live or recorded, and what became of
// them is reported.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/commands/command.hpp"
#include "tools/golden/golden_file.hpp"
#include "tools/testees/chosen_testee.hpp"

namespace assay {

struct VerifyOptions {
  std::string golden;                ///< empty: the folder that came with the program
  std::vector<std::string> losses;   ///< empty: all
  std::vector<std::string> dtypes;   ///< empty: all
  std::vector<std::string> regimes;  ///< empty: all
  std::string known_failures;        ///< empty: none
  std::string require = "stable";
  bool require_errors = false;  ///< an answer to a request outside the domain fails
  std::vector<std::string> reports;
  bool progress = false;
  bool explain = false;  ///< diagnose every cause, known ones too, not those alone that are told at length
  bool hex = false;      ///< numbers in the summary are hex floats, too
  TesteeOptions testee;  ///< of a record, nothing
};

/// Makes the testee once all that can be wrong with the command is known to be right. It gets the golden
/// files that were selected, before the cases of other regimes are dropped.
using StartTestee = std::function<std::unique_ptr<Testee>(const std::vector<GoldenFile>&)>;

/// Prints the summary, writes the reports; returns the exit code. Throws what golden files and known failures
/// throw.
int verify(const VerifyOptions& options, const StartTestee& start);

/// The options that both commands take.
std::vector<Option> verification_options(VerifyOptions& options);

}  // namespace assay
