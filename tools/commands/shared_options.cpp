// The options of command.hpp that several commands take.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "losses/spec/dtype.hpp"
#include "tools/commands/command.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {

Option loss_option(std::vector<std::string>& names) {
  return {"--loss", &names, "only this loss; may be repeated"};
}

Option dtype_option(std::vector<std::string>& names) {
  return {"--dtype", &names, fmt::format("only {}; may be repeated", fmt::join(dtype_names, " or "))};
}

Option golden_option(std::string& folder) { return {"--golden", &folder, "the folder of golden files"}; }

Option regime_option(std::vector<std::string>& names) {
  return {"--regime", &names,
          "only everyday, tail, extreme, degenerate, special or invalid cases; may be repeated"};
}

Grade grade_from(const std::string& given) {
  if (const auto grade = grade_named(given)) return *grade;
  throw UsageError(
      fmt::format("no grade named \"{}\"; from the best there are 'correctly rounded', faithful, tight, "
                  "stable, absolute, inaccurate and wrong",
                  printable(given)));
}

std::vector<Regime> regimes_from(const std::vector<std::string>& names) {
  std::vector<Regime> out;
  for (const std::string& each : names) {
    const auto regime = regime_named(each);
    if (!regime)
      throw UsageError(
          fmt::format("no regime named \"{}\"; from the most ordinary there are everyday, tail, "
                      "extreme, degenerate, special and invalid",
                      printable(each)));
    out.push_back(*regime);
  }
  return out;
}

Option timeout_option(double& seconds) { return {"--timeout", &seconds, "seconds without an answer"}; }

}  // namespace assay
