// A plugin as a testee: in a child process, which it may crash, or in this one, which is faster.
#pragma once

#include <memory>
#include <string>

#include "tools/testees/testee.hpp"

namespace assay {

struct PluginOptions {
  std::string path;
  std::string program = "/proc/self/exe";  ///< that becomes the child: `assay`
  double answer_seconds = 20;
  int jobs = 1;
};

std::unique_ptr<Testee> plugin_testee(const PluginOptions& options);

/// Nothing but the plugin's own care keeps this process alive. Testees of one library take turns.
std::unique_ptr<Testee> plugin_in_process(const std::string& path);

}  // namespace assay
