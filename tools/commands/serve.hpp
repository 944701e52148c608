// `assay serve`: the kernels or the certified reference as a testee, over the protocol of the contract,
// section 5.
#pragma once

#include <string>

namespace assay {

struct ServeOptions {
  std::string engine;  ///< "reference" or "kernels"
};

/// Answers until bye or the end of `input`; returns the exit code: 0, or 2 when there is no such engine. A
/// request that cannot be read gets an error and ends nothing. Answers are written as they come; requests
/// that arrive while nobody reads them are kept, up to 256 MiB, so that a peer may send everything before it
/// reads.
int serve(const ServeOptions& options, int input, int output);

}  // namespace assay
