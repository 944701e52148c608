// Programs that belong to this one and lie beside it, built when they are asked for: what only some commands
// need costs the others no build.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

/// The kernels of losses/, served over the protocol.
inline constexpr std::string_view kernels_program = "assay-kernels";

/// The path of the program `name` beside this one. Where the environment's ASSAY_SETUP is the tools/setup of
/// the source tree whose build this is (as tools/assay says), `ASSAY_SETUP build NAME` is run first, once a
/// process, so that the program is there and never stale. Throws UsageError: what is missing, and what to do.
/// May be called from several threads.
std::filesystem::path companion(std::string_view name);

/// This process becomes the companion `command` names, with these arguments. Throws UsageError.
[[noreturn]] void become_companion(std::vector<std::string> command);

/// companion() for a program in `folder`; `setup` may be empty.
std::filesystem::path companion_in(const std::filesystem::path& folder, std::string_view name,
                                   const std::filesystem::path& setup);

}  // namespace assay
