// `assay verify`: a testee against the golden files.
#include "tools/commands/verification.hpp"
#include "tools/reports/write_report.hpp"
#include "tools/testees/record.hpp"

namespace assay {
namespace {

/// The testee, and its answers to golden cases written down where that is wanted.
std::unique_ptr<Testee> start(const TesteeOptions& options, const std::string& record,
                              const std::vector<GoldenFile>& files) {
  std::unique_ptr<Testee> testee = chosen_testee(options);
  if (record.empty()) return testee;
  GoldenIds golden;
  for (const GoldenFile& file : files)
    for (const GoldenCase& each : file.cases) golden.insert(each.question.id);
  return recording(std::move(testee), std::move(golden),
                   [record](const std::string& text) { write_text(text, record); });
}

}  // namespace

Command verify_command() {
  const auto o = std::make_shared<VerifyOptions>();
  const auto record = std::make_shared<std::string>();
  std::vector<Option> options = verification_options(*o);
  options.push_back(
      {"--explain", &o->explain, "look for the mechanism behind every cause, not the first alone"});
  options.push_back(timeout_option(o->testee.timeout));
  options.push_back({"--jobs", &o->testee.jobs, "testees side by side"});
  options.push_back({"--record", record.get(), "write the answers to FILE, for 'assay judge FILE'"});
  return {.name = "verify",
          .purpose = "check a testee against golden files",
          .options = std::move(options),
          .testee = &o->testee.command,
          .run = [o, record] {
            check(o->testee);
            if (!record->empty()) check_writable(*record);
            return verify(
                *o, [&](const std::vector<GoldenFile>& files) { return start(o->testee, *record, files); });
          }};
}

}  // namespace assay
