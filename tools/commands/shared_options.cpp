// The options of command.hpp that several commands take.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "losses/spec/dtype.hpp"
#include "tools/commands/command.hpp"

namespace assay {

Option loss_option(std::vector<std::string>& names) {
  return {"--loss", &names, "only this loss; may be repeated"};
}

Option dtype_option(std::vector<std::string>& names) {
  return {"--dtype", &names, fmt::format("only {}; may be repeated", fmt::join(dtype_names, " or "))};
}

Option golden_option(std::string& folder) { return {"--golden", &folder, "the folder of golden files"}; }

Option timeout_option(double& seconds) { return {"--timeout", &seconds, "seconds without an answer"}; }

}  // namespace assay
