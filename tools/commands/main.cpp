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
#include <string>
#include <system_error>

#include "tools/commands/explain.hpp"
#include "tools/commands/generate.hpp"
#include "tools/commands/losses.hpp"
#include "tools/commands/serve.hpp"
#include "tools/commands/verify.hpp"
#include "tools/golden/golden_folder.hpp"
#include "tools/text/printable.hpp"

namespace {

using assay::UsageError;

/// Every command's options, filled by the parser.
struct Arguments {
  bool losses_json = false;
  assay::ServeOptions serve;
  assay::GenerateOptions generate;
  assay::VerifyOptions verify;
  assay::ExplainOptions explain;
};

void add_commands(CLI::App& app, Arguments& a) {
  CLI::App* losses = app.add_subcommand("losses", "the catalogue");
  losses->add_flag("--json", a.losses_json, "every fact of every record");

  CLI::App* serve = app.add_subcommand("serve", "be a testee: JSON Lines on standard input and output");
  serve->add_option("--engine", a.serve.engine, "'reference' or 'kernels'")->required();

  CLI::App* generate = app.add_subcommand("generate", "write golden files");
  generate->add_option("--loss", a.generate.losses, "only this loss; may be repeated");
  generate->add_option("--dtype", a.generate.dtypes, "only f32 or f64; may be repeated");
  generate->add_option("--cases", a.generate.cases, "at least so many cases a file, hand-picked included")
      ->capture_default_str();
  generate->add_option("--seed", a.generate.seed, "of the generated cases")->capture_default_str();
  generate->add_option("--out", a.generate.out, "the folder of the files")->required();
  generate->add_flag("--check", a.generate.check,
                     "write nothing: prove that the files there regenerate bit for bit");

  CLI::App* verify = app.add_subcommand("verify", "check a testee against golden files");
  verify->add_option("--golden", a.verify.golden, "the folder of golden files");
  verify->add_option("--loss", a.verify.losses, "only this loss; may be repeated");
  verify->add_option("--dtype", a.verify.dtypes, "only f32 or f64; may be repeated");
  verify->add_option("--known-failures", a.verify.known_failures,
                     "a glob over case ids and '# reason' a line");
  verify->add_option("--require", a.verify.require, "the least grade that conforms")->capture_default_str();
  verify->add_option("--timeout", a.verify.timeout, "seconds without an answer")->capture_default_str();
  verify->add_option("--jobs", a.verify.jobs, "testees side by side")->capture_default_str();
  verify->add_option("--report", a.verify.reports, "FILE.json, FILE.xml (JUnit) or FILE.md; may be repeated");
  verify->add_flag("--progress", a.verify.progress, "say on standard error how far it is");
  verify->footer(
      "'-- COMMAND ARGS...' at the end starts the testee; without it the built-in kernels answer.");

  CLI::App* explain = app.add_subcommand("explain", "one golden case in words, and what a testee answers");
  explain->add_option("case", a.explain.id, "a case's id, its beginning, or a glob that matches one")
      ->required();
  explain->add_option("--golden", a.explain.golden, "the folder of golden files");
  explain->add_option("--timeout", a.explain.timeout, "seconds without an answer")->capture_default_str();
  explain->footer(
      "'-- COMMAND ARGS...' at the end starts the testee; without it the built-in kernels answer.");

  // One option takes one value, so that 'explain --timeout 5 ID' cannot swallow the id.
  for (CLI::App* command : app.get_subcommands({})) {
    command->allow_extras();
    for (CLI::Option* option : command->get_options())
      if (option->get_items_expected_max() > 1) option->allow_extra_args(false);
  }
}

/// What is left over is a mistake; the nearest right word is named.
void refuse_extras(const CLI::App& command) {
  const std::vector<std::string> extras = command.remaining();
  if (extras.empty()) return;
  const std::string& first = extras.front();
  std::vector<std::string> options;
  for (const CLI::Option* each : command.get_options())
    if (each->nonpositional()) options.push_back(each->get_name());
  const auto near = assay::nearest(first, options);
  throw UsageError(fmt::format("{} has no {} \"{}\"{} 'assay {} --help' lists all", command.get_name(),
                               first.starts_with("-") ? "option" : "argument", assay::printable(first),
                               near ? fmt::format("; did you mean {}?", *near) : ";", command.get_name()));
}

void refuse_unknown_command(const CLI::App& app, const std::vector<std::string>& words) {
  std::vector<std::string> commands;
  for (const CLI::App* each : app.get_subcommands({})) commands.push_back(each->get_name());
  if (words.empty())
    throw UsageError(fmt::format("say what to do: {}; 'assay --help' tells more", fmt::join(commands, ", ")));
  const std::string& first = words.front();
  if (first == "--help" || first == "-h" || first == "--version") return;
  if (std::find(commands.begin(), commands.end(), first) != commands.end()) return;
  const auto near = assay::nearest(first, commands);
  throw UsageError(fmt::format("no command \"{}\"{} 'assay --help' lists all", assay::printable(first),
                               near ? fmt::format("; did you mean \"{}\"?", *near) : ";"));
}

void check_values(const Arguments& a) {
  for (const double seconds : {a.verify.timeout, a.explain.timeout})
    if (!(seconds > 0 && seconds <= 1e6))
      throw UsageError("--timeout takes seconds, more than 0 and at most 1e6");
  if (a.verify.jobs < 1 || a.verify.jobs > 1024) throw UsageError("--jobs takes a number from 1 to 1024");
  if (a.generate.cases < 0) throw UsageError("--cases takes a number from 0 on");
}

int run(const CLI::App& app, Arguments& a) {
  const CLI::App& command = *app.get_subcommands().front();
  const std::string& name = command.get_name();
  refuse_extras(command);
  check_values(a);
  if (name == "losses") return assay::losses(a.losses_json);
  if (name == "serve") return assay::serve(a.serve);
  if (name == "generate") return assay::generate(a.generate);
  if (name == "verify") return assay::verify(a.verify);
  return assay::explain(a.explain);
}

/// Everything before "--" is ours, everything after it the testee's command.
int parse_and_run(std::vector<std::string> words) {
  Arguments a;
  CLI::App app{"Assay: a reference-verified conformance suite for the loss functions of machine learning",
               "assay"};
  app.set_version_flag("--version", "assay " ASSAY_VERSION);
  app.require_subcommand(0, 1);
  add_commands(app, a);

  const auto bar = std::find(words.begin(), words.end(), "--");
  const bool separated = bar != words.end();
  const std::vector<std::string> command(separated ? bar + 1 : bar, words.end());
  words.erase(bar, words.end());
  refuse_unknown_command(app, words);
  const bool takes_command = words.front() == "verify" || words.front() == "explain";
  if (separated && !takes_command)
    throw UsageError(fmt::format("{} starts no testee: leave out '--' and what follows it", words.front()));
  if (separated && command.empty())
    throw UsageError("'--' is followed by the command that starts the testee");
  a.verify.command = a.explain.command = command;

  const std::string name = words.front();
  std::reverse(words.begin(), words.end());  // as the parser wants them, and consumes them
  try {
    app.parse(words);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);  // help and version
    throw UsageError(fmt::format("{}: {}; see 'assay {} --help'", name, assay::printable(e.what()), name));
  }
  return run(app, a);
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
