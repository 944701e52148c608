#include "tools/commands/audit_exhaustive.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <set>

#include "tools/commands/command.hpp"
#include "tools/reports/exhaustive_report.hpp"
#include "tools/testees/findings.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

std::vector<audit::SweepPlan> plans_of(const Selection& selection) {
  std::vector<audit::SweepPlan> plans = audit::sweep_plans(selection);
  if (!plans.empty()) return plans;
  std::set<std::string> can;
  for (const audit::SweepPlan& each : audit::sweep_plans(select({}, {})))
    can.insert(fmt::format("{} {}", each.one.loss.name(), name(each.one.dtype)));
  std::string list;
  for (const std::string& each : can) list += (list.empty() ? "" : ", ") + each;
  throw UsageError(
      "nothing of what was asked for has few enough inputs to ask for each; --exhaustive takes " + list);
}

/// What the file holds, which must be of this audit; where there is no such file yet, `begun`.
audit::SweepCampaign resumed(const std::string& path, audit::SweepCampaign begun) {
  if (path.empty() || !std::filesystem::exists(path)) return begun;
  audit::SweepCampaign kept;
  try {
    kept = audit::campaign_from(parse_json(read_file(path)));
    audit::SweepCampaign probe = begun;
    audit::merge(probe, kept);  // refuses what is of another audit
  } catch (const std::runtime_error& e) {
    throw UsageError(fmt::format("{}: {}", printable(path), e.what()));
  }
  if (kept.shard != begun.shard)
    throw UsageError(fmt::format("{} holds shard {}, not {}", printable(path), shard_text(kept.shard),
                                 shard_text(begun.shard)));
  // What a conversation showed is this one's to show again.
  std::erase_if(kept.findings, [](const Finding& each) { return !each.id.starts_with("exhaustive/"); });
  return kept;
}

int end_exhaustive_audit(const audit::SweepCampaign& campaign, const audit::SweepBar& bar,
                         const std::vector<std::string>& command, KnownFailures& known,
                         const std::vector<std::string>& reports) {
  const ExhaustiveReport report = exhaustive_report(campaign, bar, command, known);
  fmt::print("{}", exhaustive_summary(report));
  for (const std::string& each : reports) write_exhaustive(report, each);
  if (report.statements.empty()) {
    fmt::print(stderr, "assay: nothing was judged: {} offers nothing of what was asked for\n",
               printable(campaign.testee.name));
    return 3;
  }
  return conforms(report.report) ? 0 : 1;
}

/// A report's member "exhaustive", or null.
const Json* exhaustive_facts(const Json& report) {
  const Json* facts = report.is(Json::Kind::object) ? report.find("exhaustive") : nullptr;
  return facts && facts->is(Json::Kind::object) ? facts : nullptr;
}

struct Part {
  audit::SweepCampaign campaign;
  audit::SweepBar bar;
  std::vector<std::string> command;
};

Part read_part(const std::string& path) {
  const std::string text = read_file(path);
  try {
    const Json report = parse_json(text);
    const Json* facts = exhaustive_facts(report);
    const Json* campaign = facts ? facts->find("campaign") : nullptr;
    if (!campaign) throw UsageError("holds no exhaustive audit, as the first part does");
    Part part{audit::campaign_from(*campaign), {}, {}};
    if (const Json* command = report.find("command"))
      for (const Json& word : command->items) part.command.push_back(word.text);
    const Json* require = facts->find("require");
    part.bar.declared = require && require->text == "declared";
    if (require && !part.bar.declared) part.bar.required = grade_from(require->text);
    return part;
  } catch (const std::runtime_error& e) {  // JsonError, UsageError
    throw UsageError(fmt::format("{}: {}", printable(path), e.what()));
  }
}

}  // namespace

bool is_exhaustive_part(const std::string& path) {
  try {
    return exhaustive_facts(parse_json(read_file(path))) != nullptr;
  } catch (const JsonError&) {
    return false;  // whoever reads it next says what is wrong with it
  }
}

int merge_exhaustive_parts(const std::vector<std::string>& paths, KnownFailures& known,
                           const std::vector<std::string>& reports) {
  Part whole = read_part(paths.front());
  for (std::size_t i = 1; i < paths.size(); ++i) {
    const Part part = read_part(paths[i]);
    try {
      audit::merge(whole.campaign, part.campaign);
    } catch (const UsageError& e) {
      throw UsageError(fmt::format("{}: {}", printable(paths[i]), e.what()));
    }
  }
  if (const std::vector<std::string> absent = audit::missing(whole.campaign); !absent.empty())
    throw UsageError(
        fmt::format("not complete: {}{}", absent.front(),
                    absent.size() == 1 ? "" : fmt::format(", and {} more sweeps", absent.size() - 1)));
  whole.campaign.shard = {};
  return end_exhaustive_audit(whole.campaign, whole.bar, whole.command, known, reports);
}

int audit_exhaustively(const ExhaustiveAudit& o, KnownFailures& known) {
  const std::vector<audit::SweepPlan> plans = plans_of(o.selection);
  TesteeOptions one = o.testee;
  one.jobs = 1;  // a conversation each
  std::vector<std::unique_ptr<Testee>> testees;
  std::vector<Testee*> all;
  for (int k = 0; k < o.testee.jobs; ++k) {
    testees.push_back(chosen_testee(one));
    if (!greeted(*testees.back())) return 3;
    all.push_back(testees.back().get());
  }
  audit::SweepCampaign campaign =
      resumed(o.resume, audit::new_campaign(plans, all.front()->handshake(), o.range, o.shard));
  audit::ExhaustiveOptions options{.save = {}, .stop = o.stop, .progress = o.progress};
  if (!o.resume.empty())
    options.save = [&](const audit::SweepCampaign& c) {
      write_file(o.resume, dump_json(audit::to_json(c)) + "\n");
    };
  audit::run_exhaustively(campaign, all, options);
  for (const std::unique_ptr<Testee>& each : testees) add_new(campaign.findings, each->finish());
  const int code = end_exhaustive_audit(campaign, o.bar, o.testee.command, known, o.reports);
  const std::uint64_t left = campaign.blocks() - campaign.blocks_done();
  if (left == 0) return code;
  fmt::print(stderr, "assay: not all was asked: {} of {} blocks are left{}\n", left, campaign.blocks(),
             o.resume.empty() ? "" : "; the same command goes on with them");
  return code == 0 ? 1 : code;
}

}  // namespace assay
