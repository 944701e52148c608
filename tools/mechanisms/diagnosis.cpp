#include "tools/mechanisms/diagnosis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tools/mechanisms/fresh.hpp"
#include "tools/mechanisms/table.hpp"

namespace assay::mechanisms {
namespace {

constexpr int enough = 5;

struct Explained {
  const Model* model;
  Score score;
};

/// Whether a is to be believed rather than b.
bool better(const Explained& a, const Explained& b) {
  if (a.score.mismatched != b.score.mismatched) return a.score.mismatched < b.score.mismatched;
  if (a.score.matched != b.score.matched) return a.score.matched > b.score.matched;
  return a.model->generality < b.model->generality;
}

Diagnosis told(const Explained& best, const Part& part, bool value_is_right, bool rivalled) {
  const Score& s = best.score;
  Diagnosis out{best.model->mechanism, best.model->sentence, {}, false};
  if (!part.empty() && value_is_right) out.sentence += fmt::format(", in the gradient by `{}` alone", part);
  const int all = s.matched + s.mismatched;
  out.evidence =
      fmt::format("{} of {} fresh inputs match to {:.3g} ulp; the truth is missed by up to {:.3g} ulp there",
                  s.matched, all, s.model_ulps, s.truth_ulps);
  out.confident = s.matched >= enough && 12 * s.mismatched <= s.matched && !rivalled;
  return out;
}

}  // namespace

Diagnosing::Diagnosing(Case witness, Answer answer, const Handshake* offers, std::uint64_t seed, int cases)
    : witness_(complete(std::move(witness))),
      answer_(std::move(answer)),
      offers_(offers),
      random_(seed),
      cases_(cases) {}

std::optional<Case> Diagnosing::next() {
  while (drawn_ < cases_) {
    std::optional<Case> c = fresh(witness_, drawn_++, random_, offers_);
    if (!c) continue;
    asked_.push_back(*c);
    answers_.emplace_back();
    return c;
  }
  return std::nullopt;
}

void Diagnosing::answered(std::size_t number, Answer answer) { answers_.at(number) = std::move(answer); }

void Diagnosing::lost(std::size_t, Finding) {}

std::optional<Diagnosis> Diagnosing::diagnosis() const {
  const std::optional<Observation> first = observed(witness_, answer_);
  if (!first) return std::nullopt;
  std::vector<Observation> seen;
  for (std::size_t i = 0; i < asked_.size(); ++i)
    if (answers_[i])
      if (auto each = observed(asked_[i], *answers_[i])) seen.push_back(std::move(*each));
  std::vector<Observation> for_constants{*first};
  for_constants.insert(for_constants.end(), seen.begin(), seen.end());
  const bool value_is_right = !wrong(*first, "");
  for (const Part& part : parts(witness_)) {
    // Where the value is wrong it is to be explained, not what its derivatives come to.
    if (!part.empty() && !value_is_right) break;
    if (!wrong(*first, part)) continue;
    std::vector<Model> models;
    for (const Mechanism& each : mechanisms()) each.propose(for_constants, part, models);
    std::vector<Explained> explaining;
    for (const Model& model : models)
      // A model that does not say so of the witness does not explain it.
      if (const Score at_home = score(model, {*first}, part); at_home.matched != 0)
        if (const Score s = score(model, seen, part); s.explains()) explaining.push_back({&model, s});
    if (explaining.empty()) continue;
    std::ranges::stable_sort(explaining, better);
    const Explained& best = explaining.front();
    const bool rivalled = std::ranges::any_of(explaining, [&](const Explained& other) {
      return other.model->mechanism != best.model->mechanism && !better(best, other);
    });
    return told(best, part, value_is_right, rivalled);
  }
  return std::nullopt;
}

}  // namespace assay::mechanisms
