#include "tools/audit/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay::audit {
namespace {

/// A strand has to be long enough to climb, and short enough to be one of many.
constexpr std::int64_t least_cases = 64, most_cases = 512;
constexpr int first_round = 24;  // cases of a cell's first strand in seconds
constexpr int trials = 240;      // of what is made simple when the search is over

}  // namespace

Budget budget_named(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (error == std::errc{} && number > 0 && number <= 1e12) {
    if (unit == "cases" && number == std::floor(number))
      return {.cases = static_cast<std::int64_t>(number), .seconds = 0};
    for (const auto& [name, seconds] : {std::pair<std::string_view, double>{"s", 1}, {"m", 60}, {"h", 3600}})
      if (unit == name) return {.cases = 0, .seconds = number * seconds};
  }
  throw UsageError(fmt::format("--budget is \"{}\"; it takes 60s, 30m, 2h or 20000cases", printable(text)));
}

std::string text(const Budget& budget) {
  return budget.in_seconds() ? fmt::format("{}s", budget.seconds) : fmt::format("{}cases", budget.cases);
}

std::size_t strand_count(std::int64_t cases, std::size_t cells) {
  const std::int64_t each =
      std::clamp(cases / static_cast<std::int64_t>(std::max<std::size_t>(cells, 1)), least_cases, most_cases);
  return static_cast<std::size_t>(std::max<std::int64_t>(1, cases / each));
}

StrandPlan strand_plan(std::size_t number, const std::vector<Cell>& cells, std::int64_t cases,
                       std::uint64_t seed) {
  const auto count = static_cast<std::int64_t>(strand_count(cases, cells.size()));
  const bool one_more = static_cast<std::int64_t>(number) < cases % count;
  const Cell& cell = cells[number % cells.size()];
  return {number, cell, seed_for(seed, fmt::format("{}#{}", name(cell), number / cells.size())),
          static_cast<int>(cases / count + (one_more ? 1 : 0))};
}

Schedule::Schedule(std::vector<Cell> cells, Budget budget, std::uint64_t seed, Shard shard,
                   const std::map<std::size_t, StrandResult>& done, double seconds_before)
    : cells_(std::move(cells)),
      budget_(budget),
      seed_(seed),
      shard_(shard),
      seconds_before_(seconds_before),
      known_(cells_.size()) {
  for (const auto& [number, result] : done) {
    done_.insert(number);
    handed_out_ = std::max(handed_out_, number + 1);
  }
  if (!budget_.in_seconds() && !cells_.empty()) strands_ = strand_count(budget_.cases, cells_.size());
  at_ = static_cast<std::size_t>(shard_.index - 1);
}

double Schedule::seconds() const {
  return seconds_before_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

std::optional<StrandPlan> Schedule::next() {
  const std::lock_guard lock(mutex_);
  if (cells_.empty()) return std::nullopt;
  if (budget_.in_seconds()) return next_in_seconds();
  while (at_ < strands_) {
    const std::size_t number = std::exchange(at_, at_ + static_cast<std::size_t>(shard_.count));
    if (!done_.contains(number)) return strand_plan(number, cells_, budget_.cases, seed_);
  }
  return std::nullopt;
}

/// Every other strand goes to the cell whose error grew most in its last round, the others in turn to those
/// that were visited least: what does not grow yet may only have been looked at too briefly.
std::optional<StrandPlan> Schedule::next_in_seconds() {
  if (seconds() >= budget_.seconds) return next_to_make_simple();
  std::size_t which = 0;
  const bool all_visited = std::ranges::all_of(known_, [](const Known& each) { return each.rounds > 0; });
  const auto more = [&](std::size_t a, std::size_t b) {
    return all_visited && handed_out_ % 2 == 0 && known_[a].growth != known_[b].growth
               ? known_[a].growth > known_[b].growth
               : known_[a].rounds < known_[b].rounds;
  };
  for (std::size_t i = 1; i < cells_.size(); ++i)
    if (more(i, which)) which = i;
  Known& known = known_[which];
  const int round = known.rounds++;
  known.growth = 0;  // until this strand says otherwise
  return StrandPlan{.number = handed_out_++,
                    .cell = cells_[which],
                    .seed = seed_for(seed_, fmt::format("{}#{}", name(cells_[which]), round)),
                    .cases = first_round << std::min(round, 3),
                    .start = known.highest};
}

/// The most ordinary failures first; strands that are still under way may find others.
std::optional<StrandPlan> Schedule::next_to_make_simple() {
  if (failures_.empty() || seconds() >= 2 * budget_.seconds) return std::nullopt;
  Failure failure = std::move(failures_.extract(failures_.begin()).mapped());
  const Cell& cell = cells_[failure.cell];
  return StrandPlan{.number = handed_out_++,
                    .cell = cell,
                    .seed = seed_for(seed_, name(cell) + "#simple"),
                    .cases = trials,
                    .failing = std::move(failure.question)};
}

void Schedule::over(const StrandPlan& plan, const StrandResult& result) {
  if (!budget_.in_seconds()) return;
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(cells_, result.cell, [](const Cell& each) { return name(each); });
  const auto which = static_cast<std::size_t>(found - cells_.begin());
  if (plan.failing || which == cells_.size()) return;
  Known& known = known_[which];
  const double before = known.height;
  for (const Worst& each : result.worst) {
    if (each.height > known.height) {
      known.height = each.height;
      known.highest = each.question;
    }
    if (each.conforms) continue;
    Failure& failure = failures_[{
        each.regime, fmt::format("{}/{}/{}@{}", result.loss, result.dtype, result.output, result.variant)}];
    if (each.height > failure.height) failure = {which, each.height, each.question};
  }
  // What cannot be compared with anything grows no further.
  if (std::isfinite(known.height) && known.height > before)
    known.growth = before > 0 ? std::log2(known.height / before) : 1;
}

}  // namespace assay::audit
