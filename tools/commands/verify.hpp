// `assay verify`: a testee against the golden files.
#pragma once

#include <string>
#include <vector>

#include "tools/reports/report.hpp"

namespace assay {

struct VerifyOptions {
  std::string golden;               ///< empty: the folder that came with the program
  std::vector<std::string> losses;  ///< empty: all
  std::vector<std::string> dtypes;  ///< empty: all
  std::string known_failures;       ///< empty: none
  std::string require = "stable";
  double timeout = 20;  ///< seconds without an answer
  int jobs = 1;         ///< testees side by side
  std::vector<std::string> reports;
  bool progress = false;
  std::vector<std::string> command;  ///< empty: the built-in kernels
};

/// The testee that a command line names: the built-in kernels when it names none.
std::unique_ptr<Testee> testee_of(const std::vector<std::string>& command, double timeout, int jobs);

/// Whether a handshake succeeded; else why it did not is on standard error.
bool greeted(Testee& testee);

/// 0 all conform, 1 something does not, 3 no handshake succeeded or nothing was judged. Throws UsageError,
/// CodecError or std::runtime_error, one line each, for what the contract gives exit code 2.
int verify(const VerifyOptions& options);

}  // namespace assay
