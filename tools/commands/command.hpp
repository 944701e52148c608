// What a command is: its name, its purpose, its options and what it runs. Each is a file of this folder,
// found through the table.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "tools/judge/grade.hpp"
#include "tools/judge/regime.hpp"

namespace assay {

/// "--loss VALUE", or an argument by its place where the name has no dashes.
struct Option {
  /// Where the value goes; what lies there before is the default. A flag takes no value, a list one at each
  /// use, or all that stand at its place.
  using Value = std::variant<bool*, int*, std::int64_t*, std::uint64_t*, double*, std::string*,
                             std::vector<std::string>*>;
  std::string name;
  Value value;
  std::string purpose;
  bool required = false;
};

struct Command {
  std::string name;
  std::string purpose;  ///< one line
  std::vector<Option> options;
  /// Gets TESTEE as it was typed: an adapter's name, '--' and what stands behind it, or "--plugin" and its
  /// path. Null: there is none.
  std::vector<std::string>* testee = nullptr;
  /// What is done once the options have their values; returns the exit code. A UsageError, or any other
  /// exception, is one line on standard error and exit code 2.
  std::function<int()> run;
};

/// Every command, in the order of the help.
std::vector<Command> commands();

// What several commands take.
Option loss_option(std::vector<std::string>& names);
Option dtype_option(std::vector<std::string>& names);
Option golden_option(std::string& folder);
Option timeout_option(double& seconds);
Option regime_option(std::vector<std::string>& names);

// What is meant by a name. Throw UsageError, which lists what there is.
Grade grade_from(const std::string& given);
std::vector<Regime> regimes_from(const std::vector<std::string>& names);

}  // namespace assay
