// The testee that a command line names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tools/testees/testee.hpp"

namespace assay {

struct TesteeOptions {
  /// TESTEE as it stands on the command line: an adapter's name alone, "--" and the words behind it, or
  /// "--plugin" and its path, perhaps with "--in-process"; empty are the built-in kernels.
  std::vector<std::string> command;
  double timeout = 20;  ///< seconds without an answer
  int jobs = 1;         ///< testees side by side
};

/// Throws UsageError for a number that no testee can be run with, and for a name that no adapter has.
void check(const TesteeOptions& options);

/// Whether the testee is never asked what is outside a loss's domain. Of a plugin that is a rule: what C
/// would make of a label without a class is no answer.
bool asked_inside_domains_only(const TesteeOptions& options);

/// An adapter is set up before it is first started. Where that fails, no handshake with it succeeds.
/// Throws UsageError where the program of the kernels is asked for and missing.
std::unique_ptr<Testee> chosen_testee(const TesteeOptions& options);

/// Whether a handshake succeeded; else why it did not is on standard error.
bool greeted(Testee& testee);

}  // namespace assay
