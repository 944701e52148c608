// `assay merge`: the parts of a campaign that was run in shards, joined.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "tools/audit/campaign.hpp"
#include "tools/commands/audit_ending.hpp"
#include "tools/commands/audit_exhaustive.hpp"
#include "tools/commands/command.hpp"
#include "tools/reports/write_report.hpp"
#include "tools/testees/findings.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/codec_error.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

struct MergeOptions {
  std::vector<std::string> parts, reports;
  std::string known_failures;
};

audit::Campaign read_part(const std::string& path) {
  const std::string text = read_file(path);
  try {
    const Json report = parse_json(text);
    const Json* facts = report.is(Json::Kind::object) ? report.find("audit") : nullptr;
    const Json* campaign = facts && facts->is(Json::Kind::object) ? facts->find("campaign") : nullptr;
    if (!campaign)
      fail_at("report", "has no \"audit\": a part is what 'assay audit --shard I/N --report' writes");
    return audit::campaign_from_json(*campaign);
  } catch (const std::runtime_error& e) {  // JsonError, CodecError
    throw UsageError(fmt::format("{}: {}", printable(path), e.what()));
  }
}

/// Joins a part to what is there.
void join(audit::Campaign& whole, audit::Campaign part, const std::string& path, const std::string& first) {
  if (!audit::belong_together(whole.task, part.task))
    throw UsageError(
        fmt::format("{} and {} are not parts of one audit: another testee, version, budget, seed, "
                    "selection or count of shards",
                    printable(first), printable(path)));
  for (auto& [number, result] : part.results)
    if (!whole.results.emplace(number, std::move(result)).second)
      throw UsageError(
          fmt::format("strand {} is counted twice: {} holds shard {}, which another file held before", number,
                      printable(path), shard_text(part.task.shard)));
  add_new(whole.findings, std::move(part.findings));
  whole.seconds += part.seconds;
}

int merge(const MergeOptions& o) {
  for (const std::string& each : o.reports) check_report_path(each);
  KnownFailures known = o.known_failures.empty() ? KnownFailures() : KnownFailures(o.known_failures);
  if (is_exhaustive_part(o.parts.front())) return merge_exhaustive_parts(o.parts, known, o.reports);
  std::optional<audit::Campaign> whole;
  std::vector<Shard> present;
  for (const std::string& path : o.parts) {
    audit::Campaign part = read_part(path);
    if (part.task.strands == 0)
      throw UsageError(fmt::format("{} is no part of a campaign: its budget was {}", printable(path),
                                   part.task.cells == 0 ? "spent on nothing" : "in seconds"));
    if (std::ranges::find(present, part.task.shard) != present.end())
      throw UsageError(
          fmt::format("shard {} is counted twice: {}", shard_text(part.task.shard), printable(path)));
    present.push_back(part.task.shard);
    if (!whole)
      whole = std::move(part);
    else
      join(*whole, std::move(part), path, o.parts.front());
  }
  if (const std::string absent = audit::missing(*whole, present); !absent.empty())
    throw UsageError(
        fmt::format("not complete: {}; run what is missing with the same --budget and --seed", absent));
  whole->task.shard = {};
  whole->interrupted = false;
  return end_audit(*whole, known, o.reports);
}

}  // namespace

Command merge_command() {
  const auto o = std::make_shared<MergeOptions>();
  return {
      .name = "merge",
      .purpose = "join the parts of an audit that was run in shards",
      .options =
          {{.name = "part", .value = &o->parts, .purpose = "the .json report of a shard", .required = true},
           {"--known-failures", &o->known_failures, "a file of what fails: a pattern and '# reason' a line"},
           {"--report", &o->reports, "FILE.json, FILE.html, FILE.xml (JUnit) or FILE.md; may be repeated"}},
      .run = [o] { return merge(*o); }};
}

}  // namespace assay
