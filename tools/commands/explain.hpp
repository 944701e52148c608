// `assay explain`: one case in words.
#pragma once

#include <string>
#include <vector>

namespace assay {

struct ExplainOptions {
  std::string id;                    ///< of a golden case, the beginning of one, or a glob that matches one
  std::string golden;                ///< empty: the folder that came with the program
  double timeout = 20;               ///< seconds without an answer
  std::vector<std::string> command;  ///< empty: the built-in kernels
};

/// 0 the answer conforms, 1 it does not, 3 no handshake succeeded or the case is not offered. Throws
/// UsageError, CodecError or std::runtime_error, one line each, for an id that is none, or several.
int explain(const ExplainOptions& options);

}  // namespace assay
