#include "tools/audit/exhaustive.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace assay::audit {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// One line on standard error, of all threads.
class Watch {
 public:
  Watch(const SweepCampaign& campaign, bool asked)
      : terminal_(isatty(STDERR_FILENO) == 1),
        on_(terminal_ || asked),
        blocks_(campaign.blocks()),
        done_(campaign.blocks_done()),
        done_before_(done_) {}
  ~Watch() {
    if (on_ && terminal_) fmt::print(stderr, "\r\x1b[K");
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  void step(const SweepState& sweep) {
    ++done_;
    if (!on_ || seconds_since(shown_) < (terminal_ ? .2 : 10)) return;
    shown_ = Clock::now();
    const double rate = static_cast<double>((done_ - done_before_) * block_patterns) / seconds_since(start_);
    fmt::print(stderr, "{}{:.1f} % of all numbers, {:.2g} a second; {}: value within {}{}{}",
               terminal_ ? "\r" : "", 100. * static_cast<double>(done_) / static_cast<double>(blocks_), rate,
               sweep.plan.text(), worst_of(sweep.value),
               sweep.plan.one.wrt.empty() ? "" : ", gradient within " + worst_of(sweep.gradient),
               terminal_ ? "\x1b[K" : "\n");
  }

 private:
  static std::string worst_of(const SweepTally& tally) {
    double most = 0;
    for (const auto& [binade, each] : tally.worst) most = std::max(most, each.error);
    return fmt::format("{:.5g} ulp", most * 0x1p-20);
  }

  bool terminal_, on_;
  std::uint64_t blocks_, done_, done_before_;
  Clock::time_point start_ = Clock::now(), shown_ = start_;
};

/// What the askers of a campaign share.
class Desk {
 public:
  Desk(SweepCampaign& campaign, const ExhaustiveOptions& options)
      : campaign_(campaign), options_(options), watch_(campaign, options.progress) {
    for (const Finding& each : campaign.findings) told_.insert(each.id);
  }

  struct Block {
    std::size_t sweep, number;
  };
  /// The next block that nobody has.
  std::optional<Block> take() {
    const std::scoped_lock lock(mutex_);
    for (; next_.sweep < campaign_.sweeps.size(); next_ = {next_.sweep + 1, 0})
      for (const std::vector<bool>& done = campaign_.sweeps[next_.sweep].done; next_.number < done.size();) {
        const Block block = next_;
        ++next_.number;
        if (!done[block.number] && campaign_.takes(block.sweep, block.number)) return block;
      }
    return std::nullopt;
  }
  void done(const Block& block, const SweepTally& value, const SweepTally& gradient) {
    const std::scoped_lock lock(mutex_);
    SweepState& sweep = campaign_.sweeps[block.sweep];
    sweep.done[block.number] = true;
    sweep.value.add(value);
    sweep.gradient.add(gradient);
    watch_.step(sweep);
    if (!options_.save || seconds_since(saved_) < options_.save_seconds) return;
    options_.save(campaign_);
    saved_ = Clock::now();
  }
  void tell(Finding finding) {
    const std::scoped_lock lock(mutex_);
    if (told_.insert(finding.id).second) campaign_.findings.push_back(std::move(finding));
  }
  [[nodiscard]] bool stopped() const { return options_.stop && *options_.stop; }
  [[nodiscard]] const SweepPlan& plan(std::size_t sweep) const { return campaign_.sweeps[sweep].plan; }
  [[nodiscard]] const PatternRange& range() const { return campaign_.range; }

 private:
  SweepCampaign& campaign_;
  const ExhaustiveOptions& options_;
  std::mutex mutex_;
  Watch watch_;
  Block next_{0, 0};
  std::set<std::string> told_;
  Clock::time_point saved_ = Clock::now();
};

/// How many numbers a case holds: more while the testee answers sooner than anyone notices, fewer where one
/// answer would come near a time-out. What a case costs beside its numbers is little from a few thousand on;
/// beyond, its tensors no longer fit in what the allocator keeps at hand.
class Batch {
 public:
  [[nodiscard]] std::uint64_t patterns() const { return patterns_; }
  void took(double seconds) {
    if (seconds < .02) patterns_ = std::min(2 * patterns_, most_patterns);
    if (seconds > .5) patterns_ = std::max<std::uint64_t>(patterns_ / 2, 16);
  }

 private:
  static constexpr std::uint64_t most_patterns = 1 << 13;
  std::uint64_t patterns_ = 1024;
};

class SweepAsker : public Asker {
 public:
  explicit SweepAsker(Desk& desk) : desk_(desk) {}

  std::optional<Case> next() override {
    while (!gone_ && !desk_.stopped()) {
      if (!current_ && !begin()) return std::nullopt;
      const std::shared_ptr<Open> open = current_;
      const std::uint64_t last = std::min(open->last, open->next + batch_.patterns() - 1);
      std::vector<double> x;
      numbers_of(desk_.plan(open->block.sweep), open->next, last, x);
      open->next = last + 1;
      if (last == open->last) current_ = nullptr;
      if (x.empty()) {
        if (!current_ && open->pieces == 0) finish(*open);
        continue;
      }
      ++open->pieces;
      Case question = desk_.plan(open->block.sweep).one;
      const auto n = static_cast<std::int64_t>(x.size());
      for (auto& [input, tensor] : question.inputs)
        tensor = Tensor{{n}, std::vector<double>(x.size(), tensor.real.front()), {}, false};
      question.inputs.at(desk_.plan(open->block.sweep).swept).real = x;
      asked_.emplace(count_++, Piece{open, std::move(x), Clock::now()});
      return question;
    }
    return std::nullopt;
  }

  void answered(std::size_t number, Answer answer) override {
    Piece piece = take(number);
    batch_.took(std::min(seconds_since(piece.asked), seconds_since(heard_)));
    Open& open = *piece.open;
    if (std::string why = fault(open, piece.x.size(), answer); !why.empty())
      unanswered(open, piece.x.size(), std::move(why));
    else
      judge(open, piece.x, answer);
    close(open);
    heard_ = Clock::now();
  }

  void lost(std::size_t number, Finding finding) override {
    const Piece piece = take(number);
    Open& open = *piece.open;
    if (finding.id == "protocol/not-reached") {
      gone_ = open.abandoned = true;
      desk_.tell(std::move(finding));
    } else {
      unanswered(open, piece.x.size(), finding.message);
    }
    close(open);
    heard_ = Clock::now();
  }

 private:
  /// A block that is being asked, in pieces.
  struct Open {
    Desk::Block block;
    std::uint64_t next, last;  ///< patterns that are still to be asked, and the last of all
    std::size_t pieces = 0;    ///< under way
    bool abandoned = false;
    SweepTally value, gradient;
  };
  struct Piece {
    std::shared_ptr<Open> open;
    std::vector<double> x;
    Clock::time_point asked;
  };

  bool begin() {
    const std::optional<Desk::Block> block = desk_.take();
    if (!block) return false;
    const std::uint64_t first = block->number * block_patterns;
    const std::uint64_t last =
        std::min(first + block_patterns - 1, last_pattern(desk_.plan(block->sweep).one.dtype));
    current_ = std::make_shared<Open>();
    current_->block = *block;
    current_->next = std::max(first, desk_.range().from);
    current_->last = std::min(last, desk_.range().to);
    return true;
  }
  Piece take(std::size_t number) {
    const auto found = asked_.find(number);
    Piece piece = std::move(found->second);
    asked_.erase(found);
    return piece;
  }
  void close(Open& open) {
    if (--open.pieces == 0 && &open != current_.get()) finish(open);
  }
  void finish(Open& open) {
    if (!open.abandoned) desk_.done(open.block, open.value, open.gradient);
  }

  void unanswered(Open& open, std::size_t numbers, std::string why) {
    open.value.unanswered += numbers;
    open.gradient.unanswered += numbers;
    const SweepPlan& plan = desk_.plan(open.block.sweep);
    const std::string& variant = plan.one.variant;
    desk_.tell({fmt::format("exhaustive/{}/{}{}{}{}{}", plan.one.loss.name(), name(plan.one.dtype),
                            plan.held.empty() ? "" : "/", plan.held, variant.empty() ? "" : "@", variant),
                std::move(why)});
  }

  [[nodiscard]] std::string fault(const Open& open, std::size_t numbers, const Answer& answer) const {
    switch (answer.outcome) {
      case Answer::Outcome::skipped:
        return "skipped: " + answer.reason;
      case Answer::Outcome::errored:
        return "an error for valid numbers: " + answer.reason;
      case Answer::Outcome::answered:
        break;
    }
    if (answer.value.real.size() != numbers)
      return fmt::format("value has {} real numbers, should have {}", answer.value.real.size(), numbers);
    for (const std::string& input : desk_.plan(open.block.sweep).one.wrt) {
      const auto gradient = answer.gradient.find(input);
      const std::size_t given = gradient == answer.gradient.end() ? 0 : gradient->second.real.size();
      if (given != numbers)
        return fmt::format("gradient.{} has {} real numbers, should have {}", input, given, numbers);
    }
    return "";
  }

  void judge(Open& open, std::span<const double> x, const Answer& answer) {
    const SweepPlan& plan = desk_.plan(open.block.sweep);
    std::unique_ptr<reference::Sweep>& sweep = sweeps_[open.block.sweep];
    if (!sweep) sweep = std::make_unique<reference::Sweep>(plan.one, plan.swept);
    const std::span<const double> value = answer.value.real;
    const std::span<const double> gradient =
        plan.one.wrt.empty() ? std::span<const double>() : answer.gradient.at(plan.swept).real;
    for (std::size_t i = 0; i < x.size(); i += reference::Sweep::most) {
      const std::size_t n = std::min(reference::Sweep::most, x.size() - i);
      const std::uint64_t undecided = sweep->undecided();
      sweep->evaluate(x.subspan(i, n));
      open.value.undecided += sweep->undecided() - undecided;
      open.gradient.undecided += sweep->undecided() - undecided;
      count(open.value, *sweep, false, plan.one.dtype, x.subspan(i, n), value.subspan(i, n));
      if (!gradient.empty())
        count(open.gradient, *sweep, true, plan.one.dtype, x.subspan(i, n), gradient.subspan(i, n));
    }
  }

  Desk& desk_;
  Batch batch_;
  bool gone_ = false;
  std::size_t count_ = 0;
  std::map<std::size_t, Piece> asked_;
  std::map<std::size_t, std::unique_ptr<reference::Sweep>> sweeps_;
  std::shared_ptr<Open> current_;
  Clock::time_point heard_ = Clock::now();
};

}  // namespace

void run_exhaustively(SweepCampaign& campaign, std::span<Testee* const> testees,
                      const ExhaustiveOptions& options) {
  std::vector<std::exception_ptr> errors(testees.size());
  {
    Desk desk(campaign, options);
    std::vector<std::thread> threads;
    const auto ask = [&](std::size_t k) {
      try {
        SweepAsker asker(desk);
        testees[k]->ask(asker);
      } catch (...) {
        errors[k] = std::current_exception();
      }
    };
    for (std::size_t k = 1; k < testees.size(); ++k) threads.emplace_back(ask, k);
    ask(0);
    for (std::thread& each : threads) each.join();
  }
  if (options.save) options.save(campaign);
  for (const std::exception_ptr& each : errors)
    if (each) std::rethrow_exception(each);
}

}  // namespace assay::audit
