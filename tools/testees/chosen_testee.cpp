#include "tools/testees/chosen_testee.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <utility>

#include "tools/testees/adapter.hpp"
#include "tools/testees/companion.hpp"
#include "tools/testees/plugin_testee.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

/// An adapter whose set-up failed: it is greeted like any other, and that tells why not.
class NotSetUp : public Testee {
 public:
  explicit NotSetUp(TesteeError why) : why_(std::move(why)) {}
  const Handshake& handshake() override { throw why_; }
  void ask(Asker&) override { throw why_; }
  std::vector<Finding> finish() override { return {}; }

 private:
  TesteeError why_;
};

/// Once in this program: an audit starts many testees.
void set_up_once(const std::filesystem::path& folder) {
  static std::mutex one;
  static std::set<std::filesystem::path> done;
  const std::lock_guard lock(one);
  if (done.contains(folder)) return;
  set_up(folder);
  done.insert(folder);
}

bool is_plugin(const TesteeOptions& options) {
  return options.command.size() > 1 && options.command.front() == "--plugin";
}
bool named(const TesteeOptions& options) {
  return !options.command.empty() && options.command.front() != "--" && !is_plugin(options);
}

}  // namespace

void check(const TesteeOptions& options) {
  if (!(options.timeout > 0 && options.timeout <= 1e6))
    throw UsageError("--timeout takes seconds, more than 0 and at most 1e6");
  if (options.jobs < 1 || options.jobs > 1024) throw UsageError("--jobs takes a number from 1 to 1024");
  if (named(options)) static_cast<void>(adapter(options.command.front(), adapter_folders()));
  std::error_code none;
  if (is_plugin(options) && !std::filesystem::is_regular_file(options.command[1], none))
    throw UsageError(fmt::format("there is no file {}; --plugin takes the path of a shared library",
                                 printable(options.command[1])));
}

bool asked_inside_domains_only(const TesteeOptions& options) { return is_plugin(options); }

std::unique_ptr<Testee> chosen_testee(const TesteeOptions& options) {
  if (is_plugin(options)) {
    const std::string& path = options.command[1];
    if (options.command.size() > 2) return plugin_in_process(path);
    return plugin_testee({.path = path, .answer_seconds = options.timeout, .jobs = options.jobs});
  }
  ProcessOptions process;
  if (options.command.empty()) {
    process.command = {companion(kernels_program).string(), "--encoding", "base64"};
  } else if (named(options)) {
    const std::filesystem::path folder = adapter(options.command.front(), adapter_folders());
    try {
      set_up_once(folder);
    } catch (const TesteeError& why) {
      return std::make_unique<NotSetUp>(why);
    }
    process.command = {std::filesystem::absolute(folder / "run").string()};
  } else {
    process.command = {options.command.begin() + 1, options.command.end()};
  }
  process.answer_seconds = options.timeout;
  process.jobs = options.jobs;
  return process_testee(std::move(process));
}

bool greeted(Testee& testee) {
  try {
    testee.handshake();
    return true;
  } catch (const TesteeError& e) {
    fmt::print(stderr, "{}assay: {}\n", last_lines(e.detail), printable(e.what()));
  } catch (const std::runtime_error& e) {
    fmt::print(stderr, "assay: {}\n", printable(e.what()));
  }
  return false;
}

}  // namespace assay
