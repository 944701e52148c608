#include "tools/audit/strand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/audit/phases.hpp"
#include "tools/mechanisms/diagnosis.hpp"
#include "tools/search/promise_search.hpp"

namespace assay::audit {
namespace {

/// Beyond this the reference is not waited for: the case counts as not judged.
constexpr long most_bits = 2560;

Bar bar_of(const Cell& cell, const Rules& rules) {
  if (!rules.declared) return Bar(rules.required);
  const Bar declared(*cell.record, cell.dtype, cell.by);
  if (declared.declared()) return declared;
  // A sum over rows, of which nothing is declared: rows of 1e300 beside rows of 1 leave of each other what no
  // digits that a kernel carries can hold. Elsewhere it has to be as stable as everybody's.
  const bool any_size = cell.aim == Aim::extreme || cell.aim == Aim::special;
  return Bar(any_size ? Grade::wrong : Grade::stable);
}

/// The most ordinary failure, and of several the worst.
std::optional<std::size_t> failing(const std::vector<std::pair<Worst, Answer>>& all, const Rules& rules) {
  std::optional<std::size_t> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Worst& each = all[i].first;
    if (each.conforms) continue;
    if (!rules.regimes.empty() && std::ranges::find(rules.regimes, each.regime) == rules.regimes.end())
      continue;
    if (!out || each.regime < all[*out].first.regime) out = i;
  }
  return out;
}

}  // namespace

struct ErrorStrand::State {
  State(StrandPlan p, const Rules& r, const Handshake& h)
      : plan(std::move(p)),
        rules(r),
        handshake(h),
        bar(bar_of(plan.cell, r)),
        notebook(plan.cell, bar, h),
        random(plan.seed),
        drawing(desk(), draws(plan), plan.start) {
    if (!plan.failing) return;
    stage = Stage::once;
    once.emplace(desk(), *plan.failing);
  }

  /// Where a climb goes on from, fewer are drawn.
  static int draws(const StrandPlan& plan) {
    if (plan.cell.aim == Aim::special) return plan.cases;
    return plan.start ? plan.cases / 6 : plan.cases / 3 + 1;
  }

  [[nodiscard]] Desk desk() { return {plan.cell, bar, rules, handshake, notebook, random}; }

  /// The phases, one after the other; each is made of what those before it found.
  std::optional<Case> next() {
    for (;;) {
      if (Phase* phase = current())
        if (std::optional<Case> c = phase->next()) return c;
      if (explaining)
        if (std::optional<Case> c = explaining->next()) return c;
      if (!advance()) return std::nullopt;
    }
  }

  Phase* current() {
    switch (stage) {
      case Stage::drawing:
        return &drawing;
      case Stage::climbing:
        return climbing ? &*climbing : nullptr;
      case Stage::isolating:
        return isolating ? &*isolating : nullptr;
      case Stage::once:
        return &*once;
      case Stage::making_simple:
        return making_simple ? &*making_simple : nullptr;
      case Stage::asking_again:
        return asking_again ? &*asking_again : nullptr;
      case Stage::explaining:
      case Stage::over:
        return nullptr;
    }
    return nullptr;
  }

  bool advance() {
    switch (stage) {
      case Stage::drawing:
        stage = Stage::climbing;
        if (plan.cell.aim != Aim::special)
          climbing.emplace(desk(), std::move(drawing).pools(), plan.cases - static_cast<int>(result.asked));
        return true;
      case Stage::climbing:
        stage = Stage::isolating;
        isolating.emplace(desk());
        return true;
      case Stage::isolating:
        stage = Stage::making_simple;
        worst = std::move(*isolating).worst();
        start_making_simple();
        return true;
      case Stage::once:
        stage = Stage::making_simple;
        worst = std::move(*once).worst();
        start_making_simple();
        return true;
      case Stage::making_simple:
        stage = Stage::asking_again;
        start_asking_again();
        return true;
      case Stage::asking_again:
        stage = Stage::explaining;
        if (making_simple && !(asking_again && asking_again->unsteady()))
          explaining.emplace(making_simple->simplest().question, making_simple->answer(), &handshake,
                             random.bits(), std::min(48, plan.cases));
        return true;
      case Stage::explaining:
        stage = Stage::over;
        return false;
      case Stage::over:
        return false;
    }
    return false;
  }

  void start_making_simple() {
    const auto which = failing(worst, rules);
    if (!which) return;
    const auto& [found, answer] = worst[*which];
    if (!rules.each_makes_simple && !plan.failing) return;
    making_simple.emplace(desk(), found, answer, plan.cases);
  }

  void start_asking_again() {
    if (making_simple)
      asking_again.emplace(making_simple->simplest().question, making_simple->answer());
    else if (!worst.empty())
      asking_again.emplace(worst.front().first.question, worst.front().second);
  }

  void arrived(const Answer* answer) {
    if (Phase* phase = current()) {
      if (!answer) return phase->arrived({asked, nullptr, nullptr});
      const reference::Truth truth = reference::certify(asked, {.digits = false, .max_bits = most_bits});
      const bool known = truth.error.empty() && truth.undecided.empty();
      if (!known) ++result.unjudged;
      if (known && !audit::fits(*answer, plan.cell.by, truth)) {
        if (!result.silence)
          result.silence = {asked, "protocol/shape",
                            fmt::format("{} has another shape than the question asks for, or is missing",
                                        output_name(plan.cell))};
        return phase->arrived({asked, nullptr, nullptr});
      }
      phase->arrived({asked, answer, known ? &truth : nullptr});
    }
  }

  void silent(std::string finding, std::string message, std::string detail = {}) {
    ++result.unjudged;
    if (!result.silence) result.silence = {asked, std::move(finding), std::move(message), std::move(detail)};
  }

  enum class Stage : std::uint8_t {
    drawing,
    climbing,
    isolating,
    once,
    making_simple,
    asking_again,
    explaining,
    over
  };

  StrandPlan plan;
  const Rules& rules;
  const Handshake& handshake;
  Bar bar;
  Notebook notebook;
  Random random;
  Stage stage = Stage::drawing;
  Drawing drawing;
  std::optional<Climbing> climbing;
  std::optional<Isolating> isolating;
  std::optional<AskingOnce> once;
  std::optional<MakingSimple> making_simple;
  std::optional<AskingAgain> asking_again;
  std::optional<mechanisms::Diagnosing> explaining;
  std::size_t explained = 0;  // the questions that explaining asked
  std::vector<std::pair<Worst, Answer>> worst;
  Case asked;
  bool waiting = false, gone = false;
  StrandResult result;
};

ErrorStrand::ErrorStrand(StrandPlan plan, const Rules& rules, const Handshake& handshake)
    : state_(std::make_unique<State>(std::move(plan), rules, handshake)) {}
ErrorStrand::~ErrorStrand() = default;

std::optional<Case> ErrorStrand::next() {
  State& s = *state_;
  if (s.waiting || s.gone) return std::nullopt;
  std::optional<Case> c = s.next();
  if (!c) return std::nullopt;
  c->id = fmt::format("{}/{}", name(s.plan.cell), s.result.asked);
  s.asked = *c;
  s.waiting = true;
  ++s.result.asked;
  return c;
}

void ErrorStrand::answered(std::size_t, Answer answer) {
  State& s = *state_;
  s.waiting = false;
  if (s.stage == State::Stage::explaining) return s.explaining->answered(s.explained++, std::move(answer));
  switch (answer.outcome) {
    case Answer::Outcome::answered:
      return s.arrived(&answer);
    case Answer::Outcome::skipped:
      s.silent("", "skipped a valid case that it offers: " + answer.reason);
      break;
    case Answer::Outcome::errored:
      s.silent("", "error on a valid case: " + answer.reason);
      break;
  }
  s.arrived(nullptr);
}

void ErrorStrand::lost(std::size_t, Finding finding) {
  State& s = *state_;
  s.waiting = false;
  s.gone = finding.id == search::not_reached;
  if (s.stage == State::Stage::explaining) return s.explaining->lost(s.explained++, std::move(finding));
  s.silent(std::move(finding.id), std::move(finding.message), std::move(finding.detail));
  s.arrived(nullptr);
}

StrandResult ErrorStrand::result() const {
  const State& s = *state_;
  StrandResult out = s.result;
  out.judged = s.notebook.judged();
  out.binades = s.notebook.binades();
  for (const auto& [worst, answer] : s.worst) out.worst.push_back(worst);
  if (s.asking_again) out.unsteady = s.asking_again->unsteady();
  if (!s.making_simple) return out;
  out.shrunk = Shrunk{.worst = s.making_simple->simplest(), .trials = s.making_simple->tried()};
  if (!s.explaining) return out;
  if (const auto diagnosis = s.explaining->diagnosis()) {
    out.shrunk->mechanism = diagnosis->mechanism;
    out.shrunk->sentence = diagnosis->sentence;
    out.shrunk->evidence = diagnosis->evidence;
    out.shrunk->confident = diagnosis->confident;
  }
  return out;
}

std::unique_ptr<search::Strand> strand_of(const StrandPlan& plan, const Rules& rules,
                                          const Handshake& handshake) {
  static constexpr Promise of_every_loss{};
  const Cell& cell = plan.cell;
  if (!cell.on_trial()) return std::make_unique<ErrorStrand>(plan, rules, handshake);
  const search::Check check =
      cell.promise ? search::check_of(cell.promise->property) : search::order_of_rows();
  const search::Tolerance tolerance = rules.declared
                                          ? search::Tolerance::declared(cell.record->accuracy[cell.dtype])
                                          : search::Tolerance::stable();
  // A trial asks one question or several; most ask two.
  return std::make_unique<search::PromiseSearch>(
      search::Promised{*cell.record, cell.promise ? *cell.promise : of_every_loss, cell.dtype, tolerance,
                       &handshake},
      check, plan.seed, std::max(1, plan.cases / 2), plan.cases);
}

StrandResult result_of(const StrandPlan& plan, const search::Strand& strand) {
  StrandResult out;
  const Cell& cell = plan.cell;
  if (const auto* errors = dynamic_cast<const ErrorStrand*>(&strand)) {
    out = errors->result();
  } else {
    const auto& trials = dynamic_cast<const search::PromiseSearch&>(strand);
    const search::Check check =
        cell.promise ? search::check_of(cell.promise->property) : search::order_of_rows();
    out.trials = Trials{.sentence = std::string(check.sentence),
                        .kept = trials.kept(),
                        .unjudged = trials.unjudged(),
                        .why = {},
                        .questions = {}};
    out.asked = trials.asked();
    if (const auto& broken = trials.broken()) {
      out.trials->why = broken->why;
      out.trials->questions = broken->questions;
    }
    if (const auto& unanswered = trials.unanswered())
      out.silence = Silence{unanswered->question, "", unanswered->reason};
  }
  out.number = plan.number;
  out.cell = name(cell);
  out.loss = cell.record->name;
  out.variant = cell.variant;
  out.dtype = name(cell.dtype);
  out.output = cell.on_trial() ? "promise" : output_name(cell);
  return out;
}

}  // namespace assay::audit
