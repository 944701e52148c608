// A budget, and the strands that it is spent on.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tools/audit/cell.hpp"
#include "tools/audit/shard.hpp"
#include "tools/audit/strand.hpp"

namespace assay::audit {

/// So many cases, the same strands on every machine; or so many seconds, which go where errors grow.
struct Budget {
  std::int64_t cases = 0;
  double seconds = 0;

  [[nodiscard]] bool in_seconds() const { return seconds > 0; }
};
/// "20000cases", "60s", "30m", "2h". Throws UsageError.
Budget budget_named(const std::string& text);
std::string text(const Budget& budget);

/// How many strands a budget in cases is split into, over so many cells.
std::size_t strand_count(std::int64_t cases, std::size_t cells);

/// Strand `number` of a budget in cases: of the cell `number` modulo their count.
StrandPlan strand_plan(std::size_t number, const std::vector<Cell>& cells, std::int64_t cases,
                       std::uint64_t seed);

/// Hands out strands, to several threads.
class Schedule {
 public:
  /// `done` are strands of an earlier run, which took so many seconds. A budget in seconds has no shards.
  Schedule(std::vector<Cell> cells, Budget budget, std::uint64_t seed, Shard shard,
           const std::map<std::size_t, StrandResult>& done, double seconds_before);

  /// The next strand; nothing when the budget is spent.
  std::optional<StrandPlan> next();
  /// A strand is over.
  void over(const StrandPlan& plan, const StrandResult& result);
  /// Whether a strand makes simple what it found itself. Of a budget in cases always, since there a strand
  /// knows of no other; in seconds the worst of each place is made simple when the search is over, in at most
  /// as long again.
  [[nodiscard]] bool each_makes_simple() const { return !budget_.in_seconds(); }

  [[nodiscard]] std::size_t strands() const { return strands_; }  ///< of all shards; 0 where seconds decide
  [[nodiscard]] double seconds() const;

 private:
  std::optional<StrandPlan> next_in_seconds();
  std::optional<StrandPlan> next_to_make_simple();

  /// What is known of a cell.
  struct Known {
    int rounds = 0;
    double height = 0, growth = 0;
    std::optional<Case> highest{};
  };
  /// The worst failure of a place, and where it was found.
  struct Failure {
    std::size_t cell = 0;
    double height = 0;
    Case question;
  };

  std::vector<Cell> cells_;
  Budget budget_;
  std::uint64_t seed_;
  Shard shard_;
  std::set<std::size_t> done_;
  double seconds_before_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  std::size_t strands_ = 0, at_ = 0, handed_out_ = 0;
  std::vector<Known> known_;
  std::map<std::pair<Regime, std::string>, Failure> failures_;  // by regime and output of a loss in a dtype
};

}  // namespace assay::audit
