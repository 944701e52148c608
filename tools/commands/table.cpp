// The table of command.hpp: a command is a file beside this one, which defines NAME_command(), and its name
// here, in the order of the help.
#define ASSAY_COMMANDS(of)                                                                           \
  of(losses) of(serve) of(generate) of(verify) of(judge) of(audit) of(merge) of(compare) of(explain) \
      of(tolerance) of(offers)

#include "tools/commands/command.hpp"

namespace assay {

#define ASSAY_DECLARATION(name) Command name##_command();
ASSAY_COMMANDS(ASSAY_DECLARATION)

std::vector<Command> commands() {
#define ASSAY_ENTRY(name) name##_command(),
  return {ASSAY_COMMANDS(ASSAY_ENTRY)};
}

}  // namespace assay
