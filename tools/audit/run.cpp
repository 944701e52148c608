#include "tools/audit/run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <set>
#include <thread>

#include "tools/audit/journal.hpp"
#include "tools/audit/summary.hpp"
#include "tools/audit/watch.hpp"
#include "tools/search/search.hpp"
#include "tools/testees/findings.hpp"

namespace assay::audit {
namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Asks nothing more once it is told to stop, and knows how much of the time the testee is waited for.
class Conversation : public Asker {
 private:
  template <class Work>
  auto ours(Work work) {
    const struct Timed {
      double& sum;
      Clock::time_point from = Clock::now();
      ~Timed() { sum += since(from); }
    } timed{ours_};
    return work();
  }

 public:
  Conversation(Asker& asker, const std::atomic<bool>& stop) : asker_(asker), stop_(stop) {}
  std::optional<Case> next() override {
    if (stop_) return std::nullopt;
    return ours([&] { return asker_.next(); });
  }
  void answered(std::size_t number, Answer answer) override {
    ours([&] { asker_.answered(number, std::move(answer)); });
  }
  void lost(std::size_t number, Finding finding) override {
    ours([&] { asker_.lost(number, std::move(finding)); });
  }

  /// The testee's share of the time since it was last asked for; nothing while that is too little to tell.
  std::optional<double> testees_share() {
    const double whole = since(start_);
    if (whole < 1) return std::nullopt;
    const double share = 1 - ours_ / whole;
    start_ = Clock::now();
    ours_ = 0;
    return share;
  }

 private:
  Asker& asker_;
  const std::atomic<bool>& stop_;
  Clock::time_point start_ = Clock::now();
  double ours_ = 0;
};

/// A testee that is waited for most of the time gets more rows at once, since a call costs it more than a row
/// does; where judging takes most of it, fewer make shorter steps.
void adapt(Batch& batch, double testees_share) {
  constexpr Batch usual, most{.elements = 8 * usual.elements, .rows = 8 * usual.rows};
  if (testees_share > .6 && batch.elements < most.elements)
    batch = {.elements = 2 * batch.elements, .rows = 2 * batch.rows};
  else if (testees_share < .3 && batch.elements > usual.elements)
    batch = {.elements = batch.elements / 2, .rows = batch.rows / 2};
}

std::vector<std::string> texts(const auto& all) {
  std::vector<std::string> out;
  for (const auto& each : all) out.emplace_back(name(each));
  return out;
}

Task task_of(const RunOptions& o, const Handshake& handshake, std::size_t cell_count) {
  return {.version = ASSAY_VERSION,
          .implementation = handshake.implementation,
          .command = o.command,
          .losses = o.selection.losses,
          .dtypes = texts(o.selection.dtypes),
          .regimes = texts(o.regimes),
          .require = std::string(o.declared ? "declared" : name(o.required)),
          .budget = text(o.budget),
          .seed = o.seed,
          .cells = cell_count,
          .strands = o.budget.in_seconds() || cell_count == 0 ? 0 : strand_count(o.budget.cases, cell_count),
          .shard = o.shard};
}

/// The state that the threads share.
struct Shared {
  Schedule schedule;
  Journal& journal;
  Watch watch;
  std::atomic<bool> stop{false};
  std::mutex mutex{};
  std::map<std::size_t, StrandResult> results{};
  std::vector<Finding> findings{};
  std::exception_ptr failure{};
};

/// One testee and the strands that it answers, to the end.
void converse(Testee& testee, Shared& shared, Rules rules, const RunOptions& options) {
  std::map<std::string, Handshake> handshakes;  // one a variant, of which a strand draws
  for (const std::string& each : variants_of(testee.handshake()))
    handshakes.emplace(each, of_variant(testee.handshake(), each));
  Conversation* conversation = nullptr;
  std::map<std::size_t, StrandPlan> plans;
  std::map<std::size_t, double> started;
  search::Search search(
      [&](std::size_t number) -> std::unique_ptr<search::Strand> {
        std::optional<StrandPlan> plan = shared.schedule.next();
        if (!plan) return nullptr;
        // A budget in cases is spent alike on every machine, however fast the testee is there.
        if (options.budget.in_seconds())
          if (const auto share = conversation->testees_share()) adapt(rules.batch, *share);
        started[number] = shared.schedule.seconds();
        const StrandPlan& kept = plans.emplace(number, std::move(*plan)).first->second;
        return strand_of(kept, rules, handshakes.at(kept.cell.variant));
      },
      [&](std::size_t number, search::Strand& strand) {
        const StrandPlan plan = std::move(plans.extract(number).mapped());
        StrandResult result = result_of(plan, strand);
        const double now = shared.schedule.seconds();
        result.seconds = now - started.extract(number).mapped();
        shared.schedule.over(plan, result);
        shared.journal.add(result, now);
        const std::lock_guard lock(shared.mutex);
        shared.watch.saw(result);
        shared.results.insert_or_assign(plan.number, std::move(result));
      },
      options.at_once);
  Conversation whole(search, shared.stop);
  conversation = &whole;
  testee.ask(whole);
}

/// In the testee's language, what is worst in its place.
void add_snippets(Testee& testee, std::map<std::size_t, StrandResult>& results) {
  if (!testee.handshake().snippets) return;
  std::set<std::size_t> wanted;
  for (const auto& [place, strand] : worst_shrunk(results)) wanted.insert(strand);
  for (const std::size_t number : wanted)
    if (Shrunk& shrunk = *results.at(number).shrunk; shrunk.snippet.empty())
      shrunk.snippet = testee.snippet(shrunk.worst.question).value_or("");
}

}  // namespace

Campaign run(const RunOptions& options, const std::function<std::unique_ptr<Testee>()>& new_testee) {
  std::vector<std::unique_ptr<Testee>> testees;
  testees.push_back(new_testee());
  const Handshake& handshake = testees.front()->handshake();
  std::vector<Cell> all = cells(handshake, options.selection, options.regimes);

  Campaign out;
  out.task = task_of(options, handshake, all.size());
  std::unique_ptr<Journal> journal = options.journal.empty()
                                         ? std::make_unique<Journal>()
                                         : std::make_unique<Journal>(options.journal, out.task);
  Shared shared{.schedule = Schedule(std::move(all), options.budget, options.seed, options.shard,
                                     journal->results(), journal->seconds()),
                .journal = *journal,
                .watch = Watch(options.progress, options.budget)};
  shared.results = journal->results();
  const Rules rules{.required = options.required,
                    .declared = options.declared,
                    .regimes = options.regimes,
                    .batch = {},
                    .each_makes_simple = shared.schedule.each_makes_simple()};

  std::vector<std::vector<Finding>> farewells(static_cast<std::size_t>(std::max(1, options.jobs)));
  const auto work = [&](std::size_t which) {
    try {
      converse(*testees[which], shared, rules, options);
      // A program that was started on a thread is killed when that ends: the goodbye comes before.
      if (which > 0) farewells[which] = testees[which]->finish();
    } catch (...) {
      const std::lock_guard lock(shared.mutex);
      if (!shared.failure) shared.failure = std::current_exception();
      shared.stop = true;
    }
  };
  for (int k = 1; k < options.jobs; ++k) testees.push_back(new_testee());
  {
    std::vector<std::jthread> threads;
    for (std::size_t k = 1; k < testees.size(); ++k) threads.emplace_back(work, k);
    std::jthread bell;
    if (options.stop)
      bell = std::jthread([&](const std::stop_token& over) {
        while (!over.stop_requested() && !*options.stop)
          std::this_thread::sleep_for(std::chrono::milliseconds(50));
        if (*options.stop) shared.stop = true;
      });
    work(0);
    threads.clear();
  }
  if (shared.failure) std::rethrow_exception(shared.failure);

  out.results = std::move(shared.results);
  out.interrupted = shared.stop;
  if (!out.interrupted) add_snippets(*testees.front(), out.results);
  farewells.front() = testees.front()->finish();
  for (std::vector<Finding>& each : farewells) add_new(out.findings, std::move(each));
  out.seconds = shared.schedule.seconds();
  return out;
}

}  // namespace assay::audit
