// `assay serve`: the kernels or the certified reference as a testee, over the protocol of the contract,
// section 5.
#pragma once

#include <string>

namespace assay {

struct ServeOptions {
  std::string engine;    ///< "reference" or "kernels"
  std::string plugin{};  ///< or the path of a shared library
  int shared = -1;       ///< memory in which the plugin's cases are, from the process that started this one
};

/// The reference answers as tools/testees/serving.hpp says; returns the exit code, 2 when there is no such
/// engine. The kernels are a program of their own: this process becomes it, with its own standard streams.
int serve(const ServeOptions& options, int input, int output);

}  // namespace assay
