// A mistake in the command itself.
#pragma once

#include <stdexcept>

namespace assay {

/// What whoever typed the command has to change: one line. Exit code 2.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace assay
