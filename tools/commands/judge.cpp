// `assay judge`: recorded answers against the golden files, where the testee itself cannot be run.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "tools/cases/selection.hpp"
#include "tools/commands/verification.hpp"
#include "tools/golden/golden_folder.hpp"
#include "tools/testees/record.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

struct JudgeOptions {
  std::string record;
  VerifyOptions verify;
};

/// More lines than these are counted, not named.
constexpr std::size_t named = 3;

std::string lines(const std::vector<const RecordedAnswer*>& all) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min(named, all.size()); ++i)
    out.push_back(fmt::format(
        "{}{} (line {})", printable(all[i]->id.substr(0, 100)),
        all[i]->variant.empty() ? "" : " of " + printable(all[i]->variant.substr(0, 100)), all[i]->line));
  return fmt::format("{}{}", fmt::join(out, ", "),
                     all.size() > named ? fmt::format(" and {} more", all.size() - named) : "");
}

/// Whether the golden files that were read would hold the case, if any does.
bool selected(const RecordedAnswer& answer, const Selection& selection) {
  const auto begins = [&](const std::string& loss) {
    return std::ranges::any_of(selection.dtypes, [&](Dtype dtype) {
      return answer.id.starts_with(fmt::format("{}/{}/", loss, name(dtype)));
    });
  };
  return std::ranges::any_of(selection.losses, begins);
}

/// Every answer is one to a golden case that the record's own handshake offers: nothing that somebody
/// recorded goes unjudged without a word. Throws UsageError.
void check(const AnswerRecord& record, const JudgeOptions& options, const std::vector<GoldenFile>& files) {
  std::unordered_map<std::string, const Case*> golden;
  for (const GoldenFile& file : files)
    for (const GoldenCase& each : file.cases) golden.emplace(each.question.id, &each.question);
  const Selection selection = select(options.verify.losses, options.verify.dtypes), all = select({}, {});
  std::vector<const RecordedAnswer*> unknown, not_offered;
  for (const RecordedAnswer& each : record.answers) {
    const auto found = golden.find(each.id);
    if (found == golden.end()) {
      if (selected(each, selection) || !selected(each, all)) unknown.push_back(&each);
      continue;
    }
    Case question = *found->second;
    question.variant = each.variant;
    const std::optional<Case> asked = offered(question, record.handshake);
    if (!asked || asked->variant != each.variant) not_offered.push_back(&each);
  }
  const std::string path = printable(options.record);
  const auto count = [](const auto& answers) {
    return answers.size() == 1 ? std::string("1 answer is") : fmt::format("{} answers are", answers.size());
  };
  if (!unknown.empty())
    throw UsageError(fmt::format(
        "{}: {} to cases that {} does not hold: {}; name the folder that they were asked from with "
        "--golden DIR, or take these lines out",
        path, count(unknown), printable(golden_folder(options.verify.golden).string()), lines(unknown)));
  if (!not_offered.empty())
    throw UsageError(
        fmt::format("{}: {} to cases that its handshake does not offer: {}; offer them there (loss, dtype, "
                    "reduction, parameters, variant), or take these lines out",
                    path, count(not_offered), lines(not_offered)));
}

int judge(const JudgeOptions& options) {
  return verify(options.verify, [&](const std::vector<GoldenFile>& files) {
    AnswerRecord record = read_record(options.record);
    check(record, options, files);
    return recorded_testee(std::move(record));
  });
}

}  // namespace

Command judge_command() {
  const auto o = std::make_shared<JudgeOptions>();
  std::vector<Option> options{{.name = "record",
                               .value = &o->record,
                               .purpose = "what 'verify --record FILE' or a program of your own wrote",
                               .required = true}};
  for (Option& each : verification_options(o->verify)) options.push_back(std::move(each));
  return {.name = "judge",
          .purpose = "check answers that were recorded elsewhere",
          .options = std::move(options),
          .run = [o] {
            // How a case is seen again: 'assay explain ID --record FILE'.
            o->verify.testee.command = {"--record", o->record};
            return judge(*o);
          }};
}

}  // namespace assay
