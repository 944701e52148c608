// Cases to a plugin in a child process, through memory that both have; handshake, echo and goodbye are lines.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "tools/testees/case_channel.hpp"
#include "tools/testees/plugin_layout.hpp"
#include "tools/testees/plugin_memory.hpp"

namespace assay {

/// A channel to a child, `program serve --plugin PATH --shared DESCRIPTOR`, which is plugin_serving.hpp.
/// Throws StartError.
std::unique_ptr<CaseChannel> plugin_channel(const std::string& program, const std::string& path);

/// What the host says of a case that it does not put to a plugin; nothing of one that it does.
std::optional<Answer> kept_from_plugin(const Case& c);

}  // namespace assay
