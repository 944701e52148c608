#include "tools/search/climb.hpp"

#include <cmath>
#include <utility>

namespace assay::search {
namespace {

/// Nobody wants to wait for the truth about a step: what takes more bits is passed over.
constexpr long most_bits = 2560;

double moved_by_ulps(Dtype dtype, double x, std::int64_t count) {
  for (; count > 0; --count) x = next_up(dtype, x);
  for (; count < 0; ++count) x = next_down(dtype, x);
  return x;
}

}  // namespace

Case changed(Case c, Random& random) {
  std::vector<Tensor*> tensors;
  for (auto& [name, tensor] : c.inputs)
    if (!tensor.real.empty()) tensors.push_back(&tensor);
  if (tensors.empty()) return c;
  std::vector<double>& real = tensors[random.below(tensors.size())]->real;
  double& x = real[random.below(real.size())];
  const int bits = format(c.dtype).precision - 1;
  switch (random.below(7)) {
    case 0:
      x = moved_by_ulps(c.dtype, x, between(random, 1, 5));
      break;
    case 1:
      x = moved_by_ulps(c.dtype, x, -between(random, 1, 5));
      break;
    case 2:
      x += std::ldexp(x, -static_cast<int>(between(random, 1, bits + 1)));
      break;
    case 3:
      x -= std::ldexp(x, -static_cast<int>(between(random, 1, bits + 1)));
      break;
    case 4:
      x = std::ldexp(x, static_cast<int>(between(random, -3, 4)));
      break;
    case 5: {
      const double other = real[random.below(real.size())], apart = symmetric(random);
      x = other * (1 + std::ldexp(apart, -static_cast<int>(random.below(60))));
      break;
    }
    default:
      x *= 1 + symmetric(random);
      break;
  }
  x = round_to(c.dtype, x);
  return c;
}

Climb::Climb(const Record& record, Tolerance tolerance, Case start, std::uint64_t seed, int steps)
    : record_(record),
      tolerance_(tolerance),
      random_(seed),
      steps_(steps),
      here_(std::move(start)),
      highest_(here_),
      trials_(steps) {}

std::optional<Case> Climb::next() {
  if (waiting_ || over_) return std::nullopt;
  if (!started_) {
    asked_ = here_;
    waiting_ = true;
    return asked_;
  }
  while (steps_ > 0) {
    --steps_;
    asked_ = changed(here_, random_);
    if (random_.once_in(3)) asked_ = changed(std::move(asked_), random_);
    if (why_invalid(asked_)) continue;
    waiting_ = true;
    return asked_;
  }
  if (strain_.share > 1) {
    if (!shrinking_)
      shrinking_.emplace(record_, Draw{highest_, {}}, trials_,
                         [](const Draw& d) { return !why_invalid(d.base); });
    if (std::optional<Draw> simpler = shrinking_->next()) {
      asked_ = std::move(simpler->base);
      waiting_ = true;
      return asked_;
    }
  }
  over_ = true;
  return std::nullopt;
}

std::optional<Strain> Climb::strain_of(const Answer& answer) {
  if (answer.outcome == Answer::Outcome::errored && !unanswered_)
    unanswered_ = {asked_, "errored: " + answer.reason};
  if (answer.outcome != Answer::Outcome::answered) return std::nullopt;
  const reference::Truth truth = reference::certify(asked_, {.max_bits = most_bits});
  if (!truth.undecided.empty() || !truth.error.empty()) return std::nullopt;
  ++judged_;
  return search::strain(tolerance_, record_, asked_, answer, truth);
}

void Climb::answered(std::size_t, Answer answer) { arrived(strain_of(answer)); }

void Climb::lost(std::size_t, Finding finding) {
  if (finding.id == not_reached) over_ = true;
  if (!unanswered_) unanswered_ = {asked_, std::move(finding.message)};
  arrived(std::nullopt);
}

void Climb::arrived(const std::optional<Strain>& there) {
  waiting_ = false;
  if (shrinking_) {
    const bool fails = there && there->share > 1;
    shrinking_->tried(fails);
    if (!fails) return;
    highest_ = asked_;
    strain_ = *there;
    return;
  }
  if (!std::exchange(started_, true)) {
    over_ = !there;
  } else if (!there || there->share < height_) {
    return;
  }
  if (!there) return;
  here_ = asked_;
  height_ = there->share;
  if (there->share < strain_.share) return;
  highest_ = asked_;
  strain_ = *there;
}

}  // namespace assay::search
