// The testee that a command line names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tools/testees/testee.hpp"

namespace assay {

struct TesteeOptions {
  std::vector<std::string> command;  ///< empty: the built-in kernels
  double timeout = 20;               ///< seconds without an answer
  int jobs = 1;                      ///< testees side by side
};

/// Throws UsageError for a number that no testee can be run with.
void check(const TesteeOptions& options);

std::unique_ptr<Testee> chosen_testee(const TesteeOptions& options);

/// Whether a handshake succeeded; else why it did not is on standard error.
bool greeted(Testee& testee);

}  // namespace assay
