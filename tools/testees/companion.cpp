#include "tools/testees/companion.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>

#include "tools/text/printable.hpp"
#include "tools/text/program_folder.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;

/// The variable is inherited by whatever a testee starts, an installed `assay` too: the setup of another tree
/// would build what nobody runs.
bool builds(const fs::path& setup, const fs::path& folder) {
  std::error_code none;
  return !setup.empty() && fs::equivalent(setup.parent_path().parent_path() / "build", folder, none);
}

void build(const fs::path& setup, std::string_view name) {
  std::vector<std::string> words{setup.string(), "build", std::string(name)};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (const int error = posix_spawn(&child, arguments[0], nullptr, nullptr, arguments.data(), environ))
    throw UsageError(fmt::format("cannot start {}: {}; unset ASSAY_SETUP, or run tools/assay",
                                 printable(setup.string()), std::strerror(error)));
  int status = 0;
  pid_t waited = 0;
  do waited = waitpid(child, &status, 0);
  while (waited < 0 && errno == EINTR);
  // Whose parent ignored SIGCHLD is not told how a child ended; then the program is there, or it is not.
  if (waited == child && status != 0)
    throw UsageError(fmt::format("{} could not be built; what {} said stands above", name,
                                 printable(setup.filename().string())));
}

}  // namespace

fs::path companion_in(const fs::path& folder, std::string_view name, const fs::path& setup) {
  if (builds(setup, folder)) build(setup, name);
  fs::path program = folder / name;
  if (access(program.c_str(), X_OK) != 0)
    throw UsageError(fmt::format(
        "this needs the program {}, which is not beside assay in {}; install it there ('cmake --install'), "
        "build it ('ninja {}'), or run tools/assay, which does",
        name, printable(folder.string()), name));
  return program;
}

fs::path companion(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, fs::path, std::less<>> found;
  const std::lock_guard lock(mutex);
  if (const auto known = found.find(name); known != found.end()) return known->second;
  const char* setup = std::getenv("ASSAY_SETUP");
  return found.emplace(name, companion_in(program_folder(), name, setup ? setup : "")).first->second;
}

void become_companion(std::vector<std::string> command) {
  command.front() = companion(command.front()).string();
  std::vector<char*> arguments;
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(arguments[0], arguments.data());
  throw UsageError(fmt::format("cannot start {}: {}", printable(command.front()), std::strerror(errno)));
}

}  // namespace assay
