#include "tools/testees/adapter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <set>
#include <system_error>

#include "reference/cases/case.hpp"
#include "tools/testees/child_process.hpp"
#include "tools/testees/testee.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/program_folder.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {

namespace fs = std::filesystem;

namespace {

bool there_is(const fs::path& path) {
  std::error_code unreadable;
  return fs::exists(path, unreadable);
}

}  // namespace

std::vector<fs::path> adapter_folders() { return places_of("tools/adapters", "adapters"); }

std::vector<std::string> adapter_names(const std::vector<fs::path>& folders) {
  std::set<std::string> names;
  for (const fs::path& folder : folders) {
    std::error_code unreadable;
    for (const fs::directory_entry& each : fs::directory_iterator(folder, unreadable))
      if (there_is(each.path() / "run")) names.insert(each.path().filename().string());
  }
  return {names.begin(), names.end()};
}

fs::path adapter(const std::string& name, const std::vector<fs::path>& folders) {
  // A name is no path: neither ".." nor "/bin" names an adapter.
  if (fs::path(name).filename() == name && name != "." && name != "..")
    for (const fs::path& each : folders)
      if (there_is(each / name / "run")) return each / name;
  const std::vector<std::string> names = adapter_names(folders);
  const std::string there =
      names.empty() ? "there are none here"
                    : fmt::format("there are {}", printable(fmt::to_string(fmt::join(names, ", "))));
  const auto near = nearest(name, names);
  throw UsageError(fmt::format("no testee named \"{}\"{} {}; '-- COMMAND ARGS...' starts any other",
                               printable(name),
                               near ? fmt::format("; did you mean \"{}\"?", printable(*near)) : ";", there));
}

void set_up(const fs::path& adapter) {
  const fs::path program = adapter / "setup";
  if (!there_is(program)) return;
  const SignalGuard guard;  // a child that was waited for by nobody would tell nothing
  const int status = std::system(fmt::format("{} </dev/null >&2", shell_quoted(program.string())).c_str());
  Exit how;
  if (WIFSIGNALED(status)) how.signal = WTERMSIG(status);
  if (WIFEXITED(status)) how.status = WEXITSTATUS(status);
  if (status == -1 || !how.clean())
    throw TesteeError(fmt::format("{} {}, so that \"{}\" cannot be run; what it said stands above",
                                  printable(program.string()), how.describe(),
                                  printable(adapter.filename().string())));
}

}  // namespace assay
