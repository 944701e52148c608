#include "tools/commands/serve.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "tools/commands/command.hpp"
#include "tools/testees/chosen_testee.hpp"
#include "tools/testees/companion.hpp"
#include "tools/testees/plugin_serving.hpp"
#include "tools/testees/plugin_testee.hpp"
#include "tools/testees/serving.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {

int serve(const ServeOptions& options, int input, int output) {
  if (options.plugin.empty() == options.engine.empty())
    throw UsageError("serve takes --engine NAME or --plugin LIBRARY, one of the two");
  if (options.shared >= 0) return serve_plugin(options.plugin, options.shared);
  if (!options.plugin.empty()) {
    const std::unique_ptr<Testee> plugin = plugin_in_process(options.plugin);
    return greeted(*plugin) ? serve(*plugin, {}, input, output) : 3;
  }
  if (options.engine == "reference")  // of so many numbers a line holds all that is told
    return serve(*reference_testee(), {.most_numbers = std::int64_t{256} << 10}, input, output);
  if (options.engine == "kernels") become_companion({std::string(kernels_program)});
  fmt::print(stderr, "assay: no engine named \"{}\"; there are reference and kernels\n",
             printable(options.engine));
  return 2;
}

Command serve_command() {
  const auto o = std::make_shared<ServeOptions>();
  return {.name = "serve",
          .purpose = "be a testee: JSON Lines on standard input and output",
          .options = {{.name = "--engine", .value = &o->engine, .purpose = "'reference' or 'kernels'"},
                      {"--plugin", &o->plugin, "a shared library, see assay/testee.h"},
                      {"--shared", &o->shared, "how verify, audit and explain start a plugin"}},
          .run = [o] { return serve(*o, STDIN_FILENO, STDOUT_FILENO); }};
}

}  // namespace assay
