// The command line (contract, section 6). Exit codes: 0 all conform, 1 something does not, 2 usage or
// unreadable input, 3 no handshake ever succeeded or nothing could be judged.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <string>
#include <system_error>

#include "reference/cases/case.hpp"
#include "tools/commands/command.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/program_name.hpp"
#include "tools/text/usage_error.hpp"

namespace {

using assay::Command;
using assay::UsageError;

/// Tells the parser of one option.
struct Declaration {
  CLI::App& parser;
  const assay::Option& option;

  void operator()(bool* flag) const { parser.add_flag(option.name, *flag, option.purpose); }
  // One use takes one value, so that 'explain --timeout 5 ID' cannot swallow the id. By its place, an
  // argument takes all that stand there.
  void operator()(std::vector<std::string>* list) const {
    parser.add_option(option.name, *list, option.purpose)
        ->required(option.required)
        ->allow_extra_args(!option.name.starts_with('-'));
  }
  template <class T>
  void operator()(T* value) const {
    parser.add_option(option.name, *value, option.purpose)->capture_default_str()->required(option.required);
  }
};

/// TESTEE, but for what stands behind '--'.
struct TypedTestee {
  std::optional<std::string> adapter, plugin;
  bool in_process = false;

  /// As Command::testee has it. Throws UsageError where several are named.
  [[nodiscard]] std::vector<std::string> words(const std::string& command,
                                               const std::vector<std::string>& separated) const {
    if (int{adapter.has_value()} + int{plugin.has_value()} + int{!separated.empty()} > 1)
      throw UsageError(fmt::format("{} takes one testee: {}{}{}", command,
                                   adapter ? '"' + assay::printable(*adapter) + '"' : "--plugin",
                                   adapter && plugin ? ", or --plugin" : "",
                                   separated.empty() ? "" : ", or what stands behind '--'"));
    if (in_process && !plugin)
      throw UsageError(fmt::format("{}: --in-process goes with --plugin LIBRARY", command));
    if (adapter) return {*adapter};
    if (!plugin) return separated;
    std::vector<std::string> out{"--plugin", *plugin};
    if (in_process) out.emplace_back("--in-process");
    return out;
  }
};

void declare(CLI::App& app, const Command& command, TypedTestee& testee) {
  CLI::App& parser = *app.add_subcommand(command.name, command.purpose);
  for (const assay::Option& each : command.options) std::visit(Declaration{parser, each}, each.value);
  if (command.testee) {
    // After the command's own arguments, which stand at their places before it.
    parser.add_option("testee", testee.adapter, "the name of an adapter: a folder of tools/adapters/");
    parser.add_option("--plugin", testee.plugin, "the testee is this shared library (docs/plugins.md)");
    parser.add_flag("--in-process", testee.in_process,
                    "of --plugin: call it in this process; faster, and it may crash it");
    parser.footer(
        "'-- COMMAND ARGS...' at the end starts any other testee; without either the built-in kernels "
        "answer.");
  }
  parser.allow_extras();
}

/// What is left over is a mistake; the nearest right word is named.
void refuse_extras(const CLI::App& parser) {
  const std::vector<std::string> extras = parser.remaining();
  if (extras.empty()) return;
  const std::string& first = extras.front();
  std::vector<std::string> options;
  for (const CLI::Option* each : parser.get_options())
    if (each->nonpositional()) options.push_back(each->get_name());
  const auto near = assay::nearest(first, options);
  throw UsageError(fmt::format("{} has no {} \"{}\"{} 'assay {} --help' lists all", parser.get_name(),
                               first.starts_with("-") ? "option" : "argument", assay::printable(first),
                               near ? fmt::format("; did you mean {}?", *near) : ";", parser.get_name()));
}

/// The command that the words begin with; null where they ask for help or the version instead.
const Command* find_command(const std::vector<Command>& commands, const std::vector<std::string>& words) {
  std::vector<std::string> names;
  for (const Command& each : commands) names.push_back(each.name);
  if (words.empty())
    throw UsageError(fmt::format("say what to do: {}; 'assay --help' tells more", fmt::join(names, ", ")));
  const std::string& first = words.front();
  const auto found = std::find(names.begin(), names.end(), first);
  if (found != names.end()) return &commands[static_cast<std::size_t>(found - names.begin())];
  if (first == "--help" || first == "-h" || first == "--version") return nullptr;
  const auto near = assay::nearest(first, names);
  throw UsageError(fmt::format("no command \"{}\"{} 'assay --help' lists all", assay::printable(first),
                               near ? fmt::format("; did you mean \"{}\"?", *near) : ";"));
}

/// Everything before "--" is ours, everything after it the testee's.
int parse_and_run(std::vector<std::string> words) {
  const std::vector<Command> commands = assay::commands();
  CLI::App app{"Assay: a reference-verified conformance suite for the loss functions of machine learning",
               "assay"};
  app.set_version_flag("--version", "assay " ASSAY_VERSION);
  app.require_subcommand(0, 1);
  TypedTestee typed;
  for (const Command& each : commands) declare(app, each, typed);

  const auto bar = std::find(words.begin(), words.end(), "--");
  const bool separated = bar != words.end();
  const std::vector<std::string> separate(bar, words.end());
  words.erase(bar, words.end());
  const Command* command = find_command(commands, words);
  if (separated && !(command && command->testee))
    throw UsageError(fmt::format("{} starts no testee: leave out '--' and what follows it", words.front()));
  if (separate.size() == 1) throw UsageError("'--' is followed by the command that starts the testee");
  const std::string name = words.front();
  std::reverse(words.begin(), words.end());  // as the parser wants them, and consumes them
  try {
    app.parse(words);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // help and version
    throw UsageError(fmt::format("{}: {}; see 'assay {} --help'", name, assay::printable(e.what()), name));
  }
  refuse_extras(*app.get_subcommands().front());
  if (command->testee) *command->testee = typed.words(name, separate);
  return command->run();
}

/// What was printed has to have arrived, on a full disk too.
void finish_output() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return;
  throw std::runtime_error(
      fmt::format("cannot write to standard output: {}", std::strerror(errno != 0 ? errno : EIO)));
}

/// What went wrong, in words. A print that finds no room before the end calls standard output a file.
std::string words_of(const std::exception& e) {
  const auto* system = dynamic_cast<const std::system_error*>(&e);
  if (system == nullptr || std::ferror(stdout) == 0) return e.what();
  return fmt::format("cannot write to standard output: {}", system->code().message());
}

}  // namespace

int main(int argc, char** argv) {
  assay::set_program_name(assay::name_from_environment(argc > 0 ? argv[0] : nullptr));
  try {
    const int code = parse_and_run({argv + 1, argv + argc});
    finish_output();
    return code;
  } catch (const std::bad_alloc&) {
    std::fputs("assay: out of memory\n", stderr);
  } catch (const std::exception& e) {
    const std::string words = words_of(e);
    std::fflush(stdout);
    fmt::print(stderr, "assay: {}\n", assay::printable(words));
  }
  return 2;
}
