#include "tools/search/promise_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace assay::search {

PromiseSearch::PromiseSearch(Promised promised, Check check, std::uint64_t seed, int draws,
                             int shrinking_trials)
    : promised_(std::move(promised)),
      check_(check),
      seed_(seed),
      draws_(draws),
      shrinking_trials_(shrinking_trials) {}

void PromiseSearch::open(int number, Draw draw, std::uint64_t choices, Trial trial) {
  const std::size_t questions = trial.questions.size();
  // Of a loss that is offered in variants, the offer says which is asked.
  if (promised_.offers)
    for (Case& each : trial.questions)
      if (const auto asked = offered(each, *promised_.offers)) each.variant = asked->variant;
  for (std::size_t i = 0; i < questions; ++i) places_.push_back({number, i});
  open_[number] = {std::move(draw), choices, std::move(trial), {}, questions, {}};
  open_[number].answers.resize(questions);
}

void PromiseSearch::start_trial(int number) {
  Random random(seed_for(seed_, fmt::format("draw {}", number)));
  std::optional<Draw> draw = drawn(promised_, check_, random);
  if (!draw) {
    ++unjudged_;
    return;
  }
  const std::uint64_t choices = random.bits();
  Trial trial = check_.trial(promised_, *draw, Random(choices));
  const auto is_offered = [&](const Case& c) { return !promised_.offers || offers(*promised_.offers, c); };
  if (!std::ranges::all_of(trial.questions, is_offered))
    ++unjudged_;
  else if (trial.questions.empty())
    ++kept_;
  else
    open(number, std::move(*draw), choices, std::move(trial));
}

bool PromiseSearch::start_simpler_trial() {
  if (!shrinking_)
    shrinking_.emplace(
        promised_.record, failing_.draw, shrinking_trials_, [&promise = promised_.promise](const Draw& d) {
          const auto admissible = [&](const Case& c) {
            return !why_invalid(c) &&
                   std::ranges::all_of(promise.where, [&](const While& each) { return holds(each, c); });
          };
          return admissible(d.base) && (d.far.inputs.empty() || admissible(d.far));
        });
  while (std::optional<Draw> draw = shrinking_->next()) {
    Trial trial = check_.trial(promised_, *draw, Random(failing_.choices));
    if (!trial.questions.empty() &&
        std::ranges::none_of(trial.questions, [](const Case& c) { return why_invalid(c).has_value(); })) {
      open(draws_, std::move(*draw), failing_.choices, std::move(trial));
      return true;
    }
    shrinking_->tried(false);
  }
  return false;
}

std::optional<Case> PromiseSearch::next() {
  while (unasked_from_ == places_.size()) {
    if (next_draw_ < first_broken_.value_or(draws_))
      start_trial(next_draw_++);
    else if (!open_.empty() || !first_broken_ || !start_simpler_trial())
      return std::nullopt;
  }
  const Place place = places_[unasked_from_++];
  return open_.at(place.trial).trial.questions[place.question];
}

void PromiseSearch::answered(std::size_t number, Answer answer) {
  const auto [trial, question] = places_.at(number);
  std::string reason;
  if (answer.outcome == Answer::Outcome::errored)
    reason = "errored: " + answer.reason;
  else if (answer.outcome == Answer::Outcome::answered)
    reason = misfit(open_.at(trial).trial.questions[question], answer).value_or("");
  const bool judged = answer.outcome == Answer::Outcome::answered && reason.empty();
  settle(trial, question, judged ? std::optional(std::move(answer)) : std::nullopt, std::move(reason));
}

void PromiseSearch::lost(std::size_t number, Finding finding) {
  const auto [trial, question] = places_.at(number);
  settle(trial, question, std::nullopt, std::move(finding.message));
}

void PromiseSearch::settle(int number, std::size_t question, std::optional<Answer> answer,
                           std::string reason) {
  Open& trial = open_.at(number);
  if (!reason.empty() && !trial.unanswered)
    trial.unanswered = {trial.trial.questions[question], std::move(reason)};
  trial.answers[question] = std::move(answer);
  if (--trial.left == 0) close(number);
}

void PromiseSearch::close(int number) {
  Open trial = std::move(open_.at(number));
  open_.erase(number);
  std::optional<std::string> why;
  const bool judged =
      std::ranges::all_of(trial.answers, [](const std::optional<Answer>& each) { return each.has_value(); });
  if (judged) {
    std::vector<Answer> answers;
    for (std::optional<Answer>& each : trial.answers) answers.push_back(std::move(*each));
    why = trial.trial.broken(answers);
  }
  if (number == draws_) {
    close_simpler(why, std::move(trial));
  } else if (!judged) {
    ++unjudged_;
    if (trial.unanswered && (!unanswered_ || number < first_unanswered_)) {
      unanswered_ = std::move(trial.unanswered);
      first_unanswered_ = number;
    }
  } else if (!why) {
    ++kept_;
  } else if (!first_broken_ || number < *first_broken_) {
    first_broken_ = number;
    broken_ = {trial.trial.questions, *why};
    failing_ = std::move(trial);
  }
}

void PromiseSearch::close_simpler(const std::optional<std::string>& why, Open&& trial) {
  shrinking_->tried(why.has_value());
  if (why) broken_ = {std::move(trial.trial.questions), *why};
}

}  // namespace assay::search
