#include "tools/audit/phases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "tools/audit/moves.hpp"

namespace assay::audit {
namespace {

constexpr std::size_t most_pools = 3;
constexpr int still_enough = 20;  // steps without a rise, before another pool is tried
constexpr int breeding_every = 8;

bool fits(Aim aim, Regime regime) {
  switch (aim) {
    case Aim::everyday:
      return regime == Regime::everyday;
    case Aim::tail:
      return regime == Regime::tail;
    case Aim::extreme:
      return regime == Regime::extreme;
    case Aim::special:
      return true;
  }
  return false;
}

/// Of the groups that the aim is about; less than any height where there is none.
double highest(Aim aim, const std::vector<Sight>& sights) {
  double out = -1;
  for (const Sight& each : sights)
    if (fits(aim, each.regime)) out = std::max(out, each.height);
  return out;
}

bool same_bits(const Tensor& a, const Tensor& b) {
  return a.shape == b.shape && std::ranges::equal(a.real, b.real, [](double x, double y) {
           return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y) ||
                  (std::isnan(x) && std::isnan(y));
         });
}

}  // namespace

Drawing::Drawing(Desk desk, int cases, std::optional<Case> start)
    : desk_(desk),
      left_(cases),
      turn_(static_cast<int>(desk.random.below(structures))),
      start_(std::move(start)) {}

std::optional<Case> Drawing::next() {
  if (start_) return std::exchange(start_, std::nullopt);
  while (left_ > 0) {
    --left_;
    // Each structure in its turn, and the seams of a batch twice: there are many sizes.
    turn_ = (turn_ + 1) % (structures + 1);
    const auto structure = turn_ < structures ? static_cast<Structure>(turn_) : Structure::seam;
    if (std::optional<Case> c =
            drawn(desk_.cell, desk_.handshake, structure, desk_.rules.batch, desk_.random))
      return c;
  }
  return std::nullopt;
}

void Drawing::arrived(const Seen& seen) {
  if (!seen.truth) return;
  Case question = seen.question;
  const Groups groups(question, desk_.cell.by);
  Pool pool{question, desk_.notebook.note(question, *seen.answer, *seen.truth, groups)};
  const Aim aim = desk_.cell.aim;
  if (highest(aim, pool.sights) < 0) return;
  pools_.push_back(std::move(pool));
  std::ranges::stable_sort(pools_, [aim](const Pool& a, const Pool& b) {
    return highest(aim, a.sights) > highest(aim, b.sights);
  });
  if (pools_.size() > most_pools) pools_.pop_back();
}

Climbing::Climbing(Desk desk, std::vector<Pool> pools, int cases)
    : desk_(desk), pools_(std::move(pools)), left_(cases) {}

/// Takes up the next pool, its groups all such as the aim is about.
bool Climbing::settle_in() {
  if (pool_ == pools_.size()) return false;
  Pool& pool = pools_[pool_++];
  here_ = std::move(pool.question);
  sights_ = std::move(pool.sights);
  groups_.emplace(here_, desk_.cell.by);
  const Aim aim = desk_.cell.aim;
  std::size_t fitting = 0;
  double most = -1;
  for (std::size_t g = 0; g < sights_.size(); ++g)
    if (fits(aim, sights_[g].regime) && sights_[g].height > most) fitting = g, most = sights_[g].height;
  for (std::size_t g = 0; g < sights_.size(); ++g)
    if (!fits(aim, sights_[g].regime)) {
      groups_->copy(here_, fitting, here_, g);
      sights_[g] = sights_[fitting];
    }
  still_ = 0;
  return true;
}

/// The lowest quarter of the groups becomes what the highest is.
void Climbing::breed() {
  if (sights_.size() < 4) return;
  std::vector<std::size_t> order(sights_.size());
  for (std::size_t g = 0; g < order.size(); ++g) order[g] = g;
  std::ranges::stable_sort(
      order, [&](std::size_t a, std::size_t b) { return sights_[a].height > sights_[b].height; });
  for (std::size_t k = order.size() - order.size() / 4; k < order.size(); ++k) {
    const std::size_t from = order[desk_.random.below(2)];
    groups_->copy(here_, from, here_, order[k]);
    sights_[order[k]] = sights_[from];
  }
}

std::optional<Case> Climbing::next() {
  while (left_ > 0) {
    --left_;
    if (desk_.notebook.is_conventional()) return std::nullopt;
    if (!groups_ || still_ >= still_enough)
      if (!settle_in()) return std::nullopt;
    // Nothing is beyond what cannot be compared.
    if (std::isinf(highest(desk_.cell.aim, sights_))) {
      groups_.reset();
      continue;
    }
    if (++step_ % breeding_every == 0) breed();
    asked_ = here_;
    for (std::size_t g = 0; g < groups_->count(); ++g) move(desk_.cell, asked_, *groups_, g, desk_.random);
    if (!why_invalid(asked_)) return asked_;
  }
  return std::nullopt;
}

void Climbing::arrived(const Seen& seen) {
  ++still_;
  if (!seen.truth) return;
  const std::vector<Sight> there = desk_.notebook.note(asked_, *seen.answer, *seen.truth, *groups_);
  for (std::size_t g = 0; g < there.size(); ++g) {
    if (!fits(desk_.cell.aim, there[g].regime) || there[g].height < sights_[g].height) continue;
    if (there[g].height > sights_[g].height * 1.001) still_ = 0;
    groups_->copy(asked_, g, here_, g);
    sights_[g] = there[g];
  }
}

std::optional<Case> AskingOnce::next() {
  if (std::exchange(asked_, true)) return std::nullopt;
  return question_;
}

void AskingOnce::arrived(const Seen& seen) {
  if (seen.truth)
    worst_.emplace_back(verdict(desk_.cell, desk_.bar, desk_.handshake, seen.question, *seen.answer),
                        *seen.answer);
}

Isolating::Isolating(Desk desk) : desk_(desk) {
  for (const auto& [regime, best] : desk.notebook.best()) best_.push_back(&best);
}

std::optional<Case> Isolating::next() {
  if (at_ == best_.size()) return std::nullopt;
  const Notebook::Best& best = *best_[at_];
  return Groups(best.question, desk_.cell.by).alone(best.question, best.group);
}

void Isolating::arrived(const Seen& seen) {
  const Notebook::Best& best = *best_[at_++];
  if (seen.truth) {
    Worst alone = verdict(desk_.cell, desk_.bar, desk_.handshake, seen.question, *seen.answer);
    // Else it takes its neighbours to show.
    if (alone.height >= best.sight.height / 2) {
      worst_.emplace_back(std::move(alone), *seen.answer);
      return;
    }
  }
  worst_.emplace_back(verdict(desk_.cell, desk_.bar, desk_.handshake, best.question, best.answer),
                      best.answer);
}

MakingSimple::MakingSimple(Desk desk, Worst failing, Answer answer, int trials)
    : desk_(desk),
      simplest_(std::move(failing)),
      answer_(std::move(answer)),
      least_height_(std::max(1., std::min(simplest_.height / 8, 1e4))),
      shrinking_(*desk.cell.record, search::Draw{simplest_.question, {}}, trials,
                 [&handshake = desk.handshake, wrt = simplest_.question.wrt](const search::Draw& d) {
                   return d.base.wrt == wrt && !why_invalid(d.base) && search::offers(handshake, d.base);
                 }) {}

std::optional<Case> MakingSimple::next() {
  std::optional<search::Draw> simpler = shrinking_.next();
  if (!simpler) return std::nullopt;
  ++tried_;
  return std::move(simpler->base);
}

void MakingSimple::arrived(const Seen& seen) {
  bool fails = false;
  if (seen.truth) {
    Case question = seen.question;
    double height = 0;
    const std::string& by = desk_.cell.by;
    for (const Sight& each : sights(desk_.bar, Groups(question, by), question, by,
                                    *output_of(*seen.answer, by), output_of(*seen.truth, by)))
      height = std::max(height, each.height);
    if (height > least_height_) {
      Worst there = verdict(desk_.cell, desk_.bar, desk_.handshake, question, *seen.answer);
      fails = !there.conforms && there.regime <= simplest_.regime;
      if (fails) {
        simplest_ = std::move(there);
        answer_ = *seen.answer;
      }
    }
  }
  shrinking_.tried(fails);
}

std::optional<Case> AskingAgain::next() {
  if (std::exchange(asked_, true)) return std::nullopt;
  return question_;
}

void AskingAgain::arrived(const Seen& seen) {
  if (!seen.answer) return;
  const auto differs = [&](const std::string& where, const Tensor& now, const Tensor& before) {
    if (unsteady_ || same_bits(now, before)) return;
    std::size_t i = 0;
    while (i + 1 < std::min(now.real.size(), before.real.size()) && now.real[i] == before.real[i]) ++i;
    unsteady_ = {question_, now.real.empty() || before.real.empty()
                                ? fmt::format("{} had another shape when it was asked again", where)
                                : fmt::format("{}[{}] was {:a}, and {:a} when it was asked again", where, i,
                                              before.real[i], now.real[i])};
  };
  differs("value", seen.answer->value, before_.value);
  for (const auto& [name, before] : before_.gradient)
    if (const auto now = seen.answer->gradient.find(name); now != seen.answer->gradient.end())
      differs("gradient." + name, now->second, before);
}

}  // namespace assay::audit
