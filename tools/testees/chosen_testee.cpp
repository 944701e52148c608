#include "tools/testees/chosen_testee.hpp"

#include <fmt/format.h>

#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {

void check(const TesteeOptions& options) {
  if (!(options.timeout > 0 && options.timeout <= 1e6))
    throw UsageError("--timeout takes seconds, more than 0 and at most 1e6");
  if (options.jobs < 1 || options.jobs > 1024) throw UsageError("--jobs takes a number from 1 to 1024");
}

std::unique_ptr<Testee> chosen_testee(const TesteeOptions& options) {
  if (options.command.empty()) return kernel_testee();
  ProcessOptions process;
  process.command = options.command;
  process.answer_seconds = options.timeout;
  process.jobs = options.jobs;
  return process_testee(std::move(process));
}

bool greeted(Testee& testee) {
  try {
    testee.handshake();
    return true;
  } catch (const TesteeError& e) {
    fmt::print(stderr, "{}assay: {}\n", last_lines(e.detail), printable(e.what()));
  } catch (const std::runtime_error& e) {
    fmt::print(stderr, "assay: {}\n", printable(e.what()));
  }
  return false;
}

}  // namespace assay
