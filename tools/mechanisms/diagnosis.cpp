#include "tools/mechanisms/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/mechanisms/explanation.hpp"
#include "tools/mechanisms/fresh.hpp"
#include "tools/testees/in_process_testee.hpp"

namespace assay::mechanisms {
namespace {

constexpr int enough = 5;

std::vector<Observation> those_that_came(const std::vector<std::optional<Observation>>& seen) {
  std::vector<Observation> out;
  for (const auto& each : seen)
    if (each) out.push_back(*each);
  return out;
}

int fewer_of_long_ones(const Case& c, int cases) {
  std::size_t size = 1;
  for (const auto& [name, tensor] : c.inputs) size += tensor.size();
  constexpr std::size_t ordinary = 256;
  return size <= ordinary
             ? cases
             : std::max(cases / 4, static_cast<int>(static_cast<std::size_t>(cases) * ordinary / size));
}

/// Inputs on which the first explanation and one of another mechanism disagree.
std::deque<Case> crucial_inputs(const Case& witness, const Handshake* offers, const Question& question,
                                const std::vector<Explanation>& all, std::uint64_t seed, int most) {
  std::deque<Case> out;
  Random random(seed);
  constexpr int tries = 80;
  int rivals = 0;
  for (const Explanation& rival : all) {
    if (rival.model.mechanism == all.front().model.mechanism || ++rivals > 3) continue;
    const std::size_t enough_of_it = out.size() + static_cast<std::size_t>(most) / 3;
    for (int i = 0; i < tries && out.size() < enough_of_it; ++i) {
      const std::optional<Case> c = fresh(witness, i, random, offers, Reach::wide);
      if (!c) continue;
      const std::optional<Observation> imagined = observed(*c, certified_answer(*c));
      const bool asks = question.part.empty() || std::ranges::find(c->wrt, question.part) != c->wrt.end();
      if (imagined && asks && disagree(all.front().model, rival.model, *imagined, question.part))
        out.push_back(*c);
    }
  }
  return out;
}

Diagnosis told(const Explanation& best, const Question& question, bool has_rival) {
  const Score& s = best.score;
  Diagnosis out{best.model.mechanism, best.model.sentence, {}, false};
  if (question.value_is_right) out.sentence += fmt::format(", in the gradient by `{}` alone", question.part);
  out.evidence =
      fmt::format("{} of {} fresh inputs match to {:.3g} ulp; the truth is missed by up to {:.3g} ulp there",
                  s.matched, s.matched + s.mismatched, s.model_ulps, s.truth_ulps);
  out.confident = s.matched >= enough && 12 * s.mismatched <= s.matched && !has_rival;
  return out;
}

}  // namespace

Diagnosing::Diagnosing(Case witness, Answer answer, const Handshake* offers, std::uint64_t seed, int cases)
    : witness_(complete(std::move(witness))),
      first_(observed(witness_, std::move(answer))),
      offers_(offers ? std::optional(of_variant(*offers, witness_.variant)) : std::nullopt),
      seed_(seed),
      cases_(first_ ? fewer_of_long_ones(witness_, cases) : 0) {}

std::optional<Case> Diagnosing::next() {
  std::optional<Case> c;
  while (!c && drawn_ < cases_) {
    Random random(seed_for(seed_, fmt::format("fresh {}", drawn_)));
    c = fresh(witness_, drawn_++, random, offers_ ? &*offers_ : nullptr, Reach::near);
  }
  if (!c && first_ && waiting_ == 0 && !decided_) {
    decided_ = true;
    if (const auto asked = question(*first_, those_that_came(seen_)))
      if (const std::vector<Explanation> all = explanations(*asked); !all.empty()) {
        before_crucial_ = told(all.front(), *asked, rivalled(all));
        crucial_ = crucial_inputs(witness_, offers_ ? &*offers_ : nullptr, *asked, all,
                                  seed_for(seed_, "crucial"), cases_ / 4);
      }
    some_crucial_ = !crucial_.empty();
  }
  if (!c && !crucial_.empty()) {
    c = std::move(crucial_.front());
    crucial_.pop_front();
  }
  if (!c) return c;
  ++waiting_;
  asked_.push_back(*c);
  seen_.emplace_back();
  return c;
}

void Diagnosing::answered(std::size_t number, Answer answer) {
  --waiting_;
  seen_.at(number) = observed(asked_.at(number), std::move(answer));
}

void Diagnosing::lost(std::size_t, Finding) { --waiting_; }

std::optional<Diagnosis> Diagnosing::diagnosis() const {
  if (!first_) return std::nullopt;
  if (decided_ && !some_crucial_) return before_crucial_;
  const std::optional<Question> asked = question(*first_, those_that_came(seen_));
  if (!asked) return std::nullopt;
  const std::vector<Explanation> all = explanations(*asked);
  if (all.empty()) return std::nullopt;
  return told(all.front(), *asked, rivalled(all));
}

}  // namespace assay::mechanisms
