// The child's side of plugin_channel.hpp: one plugin, served to the process that started this one.
#pragma once

#include <string>

namespace assay {

/// `descriptor` is that of the memory they share. Answers until bye, or until the host is gone; returns the
/// exit code.
int serve_plugin(const std::string& path, int descriptor);

}  // namespace assay
