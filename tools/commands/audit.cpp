// `assay audit`: the worst error and the broken promises of a testee, searched for.
#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>

#include "tools/audit/run.hpp"
#include "tools/commands/audit_ending.hpp"
#include "tools/commands/audit_exhaustive.hpp"
#include "tools/commands/command.hpp"
#include "tools/reports/write_report.hpp"
#include "tools/testees/chosen_testee.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

struct AuditOptions {
  std::vector<std::string> losses, dtypes, regimes;
  std::string budget = "60s";
  std::uint64_t seed = 1;
  std::string resume, shard, require, known_failures;
  std::vector<std::string> reports;
  bool progress = false;
  bool exhaustive = false;
  audit::PatternRange range;
  TesteeOptions testee;
};

std::atomic<bool> interrupted{false};
std::atomic<int> interrupting{0};  // the signal
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler sets them");

/// The first ctrl-C ends the search and writes what it found; the second one ends the program.
void stop_at_interrupt() {
  for (const int each : {SIGINT, SIGTERM})
    std::signal(each, [](int signal) {
      interrupting = signal;
      interrupted = true;
      std::signal(signal, SIG_DFL);
    });
}

audit::RunOptions run_options(const AuditOptions& o) {
  audit::RunOptions out;
  out.selection = select(o.losses, o.dtypes);
  out.regimes = regimes_from(o.regimes);
  out.budget = audit::budget_named(o.budget);
  out.seed = o.seed;
  // Whoever names no grade wants the built-in kernels held to what they declare.
  out.declared = o.require.empty() && o.testee.command.empty();
  out.required = o.require.empty() ? Grade::stable : grade_from(o.require);
  if (!o.shard.empty()) {
    if (out.budget.in_seconds())
      throw UsageError(
          "--shard needs a budget in cases, which is split alike everywhere: --budget 20000cases");
    out.shard = shard_from(o.shard, process_environment());
  }
  out.jobs = o.testee.jobs;
  out.at_once = 16;
  out.journal = o.resume;
  out.command = o.testee.command;
  out.progress = o.progress;
  out.stop = &interrupted;
  return out;
}

int run_exhaustive(const AuditOptions& o) {
  if (!o.regimes.empty()) throw UsageError("--exhaustive asks for every number; it takes no --regime");
  if (o.range.from > o.range.to) throw UsageError("--from is beyond --to");
  KnownFailures known = o.known_failures.empty() ? KnownFailures() : KnownFailures(o.known_failures);
  stop_at_interrupt();
  return audit_exhaustively({.selection = select(o.losses, o.dtypes),
                             .range = o.range,
                             .shard = o.shard.empty() ? Shard() : shard_from(o.shard, process_environment()),
                             .bar = {.required = o.require.empty() ? Grade::stable : grade_from(o.require),
                                     .declared = o.require.empty() && o.testee.command.empty()},
                             .resume = o.resume,
                             .reports = o.reports,
                             .progress = o.progress,
                             .testee = o.testee,
                             .stop = &interrupted},
                            known);
}

int run_audit(const AuditOptions& o) {
  check(o.testee);
  for (const std::string& each : o.reports) check_report_path(each);
  if (o.exhaustive) return run_exhaustive(o);
  const audit::RunOptions options = run_options(o);
  KnownFailures known = o.known_failures.empty() ? KnownFailures() : KnownFailures(o.known_failures);
  TesteeOptions one = o.testee;
  one.jobs = 1;  // a conversation each
  stop_at_interrupt();
  audit::Campaign campaign;
  try {
    campaign = audit::run(options, [&] { return chosen_testee(one); });
  } catch (const TesteeError& e) {
    fmt::print(stderr, "{}assay: {}\n", last_lines(e.detail), printable(e.what()));
    return 3;
  }
  const int code = end_audit(campaign, known, o.reports);
  // A scheduler that stops a shard would take 0 or 1 for a part that is complete, and never begin it again.
  if (campaign.interrupted && interrupting != 0) {
    std::fflush(nullptr);
    std::signal(interrupting, SIG_DFL);
    std::raise(interrupting);
  }
  return code;
}

}  // namespace

Command audit_command() {
  const auto o = std::make_shared<AuditOptions>();
  return {
      .name = "audit",
      .purpose = "search for the worst error and for broken promises",
      .options = {loss_option(o->losses),
                  dtype_option(o->dtypes),
                  regime_option(o->regimes),
                  {"--budget", &o->budget, "60s, 30m, 2h, or 20000cases, which is the same on every machine"},
                  {"--seed", &o->seed, "of everything that is drawn"},
                  {"--exhaustive", &o->exhaustive,
                   "every number there is, for losses of one number, instead of a search"},
                  {"--from", &o->range.from, "of --exhaustive: the first bit pattern, 0x3f800000"},
                  {"--to", &o->range.to, "of --exhaustive: the last one"},
                  {"--resume", &o->resume, "keeps what is found in this file, and goes on from it"},
                  {"--shard", &o->shard, "I/N: the I-th of N parts; auto: as the scheduler says"},
                  {"--require", &o->require, "the least grade that conforms"},
                  {"--known-failures", &o->known_failures,
                   "a file of what fails: a pattern and '# reason' a line"},
                  timeout_option(o->testee.timeout),
                  {"--jobs", &o->testee.jobs, "testees side by side"},
                  {"--report", &o->reports,
                   "FILE.json, FILE.html, FILE.xml (JUnit) or FILE.md; may be repeated"},
                  {"--progress", &o->progress, "say on standard error how far it is"}},
      .testee = &o->testee.command,
      .run = [o] { return run_audit(*o); }};
}

}  // namespace assay
