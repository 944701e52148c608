// `assay verify`: a testee against the golden files.
#include "tools/commands/verification.hpp"

namespace assay {

Command verify_command() {
  const auto o = std::make_shared<VerifyOptions>();
  std::vector<Option> options = verification_options(*o);
  options.push_back(
      {"--explain", &o->explain, "look for the mechanism behind every failure, not the first alone"});
  options.push_back(timeout_option(o->testee.timeout));
  options.push_back({"--jobs", &o->testee.jobs, "testees side by side"});
  return {.name = "verify",
          .purpose = "check a testee against golden files",
          .options = std::move(options),
          .testee = &o->testee.command,
          .run = [o] {
            check(o->testee);
            return verify(*o, [&](const std::vector<GoldenFile>&) { return chosen_testee(o->testee); });
          }};
}

}  // namespace assay
