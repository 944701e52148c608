#include "tools/audit/sweep_tally.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace assay::audit {
namespace {

constexpr double millionth = 0x1p-20;

/// The formats' numbers in binary64's terms: an answer's error costs a few operations.
class Ruler {
 public:
  explicit Ruler(Dtype dtype)
      : dtype_(dtype),
        least_(format(dtype).least_normal_exponent()),
        precision_(format(dtype).precision),
        beyond_(power_of_two(format(dtype).max_exponent)),
        overflow_(beyond_ - power_of_two(format(dtype).max_exponent - 1 - precision_)) {}

  /// |got - exact| in ulp of the exact result.
  [[nodiscard]] double error(double got, double middle) const {
    if (std::isnan(got) || std::isnan(middle)) return infinity;
    if (std::isinf(middle)) return got == middle ? 0 : std::isinf(got) ? infinity : power_of_two(precision_);
    // An infinity stands for whatever rounds to it.
    const double meant = std::isinf(got) ? std::copysign(overflow_, got) : got;
    return std::fabs(meant - middle) * inverse_ulp(middle);
  }

  enum class Side : std::uint8_t { within, outside, unknown };
  /// Whether the exact result lies between the neighbours of an answer that is not the nearest number to it.
  [[nodiscard]] Side between_neighbours(double got, double middle, double radius) const {
    if (std::isnan(got) || !std::isfinite(middle)) return Side::outside;
    const double below = std::max(next_down(dtype_, got), -beyond_);
    const double above = std::min(next_up(dtype_, got), beyond_);
    const double slack = radius * (1 + 0x1p-40) + (radius > 0 ? std::fabs(middle) * 0x1p-52 : 0);
    if (middle - slack > below && middle + slack < above) return Side::within;
    if (middle + slack <= below || middle - slack >= above) return Side::outside;
    return Side::unknown;
  }

 private:
  [[nodiscard]] double inverse_ulp(double x) const {
    const int biased = static_cast<int>(std::bit_cast<std::uint64_t>(x) >> 52 & 0x7ff);
    return power_of_two(precision_ - 1 - std::max(biased - 1023, least_));
  }

  Dtype dtype_;
  int least_, precision_;
  double beyond_, overflow_;
};

void count_grade(SweepTally& tally, Grade grade) {
  if (grade == Grade::correctly_rounded)
    ++tally.correctly_rounded;
  else if (grade == Grade::faithful)
    ++tally.faithful;
  else
    ++tally.beyond;
}

/// More than anyone asks about one by one: past these, what is not known to be faithful counts as beyond.
constexpr std::uint64_t most_asked = 1 << 20;

}  // namespace

void SweepTally::add(const SweepTally& other) {
  inputs += other.inputs;
  correctly_rounded += other.correctly_rounded;
  faithful += other.faithful;
  beyond += other.beyond;
  undecided += other.undecided;
  unanswered += other.unanswered;
  for (const auto& [binade, theirs] : other.worst)
    if (Worst& ours = worst[binade]; ours.yields_to(theirs)) ours = theirs;
}

void count(SweepTally& tally, const reference::Sweep& sweep, bool gradient, Dtype dtype,
           std::span<const double> x, std::span<const double> got) {
  const reference::Sweep::Output& truth = gradient ? sweep.gradient() : sweep.value();
  const Ruler ruler(dtype);
  const int digits = format(dtype).precision - 1;
  auto apart = truth.apart.begin();
  SweepTally::Worst* worst = nullptr;
  std::uint64_t binade = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double g = got[i];
    double error = 0;
    if (apart != truth.apart.end() && apart->first == i) {
      const ComponentVerdict verdict = judge(g, apart->second, dtype);
      count_grade(tally, verdict.grade);
      error = verdict.ulps;
      ++apart;
    } else if (std::isnan(truth.rounded[i]) && std::isnan(g)) {
      ++tally.correctly_rounded;
    } else {
      error = ruler.error(g, truth.middle[i]);
      if (g == truth.rounded[i]) {
        if (std::isinf(g)) error = 0;
        ++tally.correctly_rounded;
      } else {
        Ruler::Side side = ruler.between_neighbours(g, truth.middle[i], truth.radius[i]);
        if (side == Ruler::Side::unknown && sweep.asked() < most_asked) {
          const reference::Component component = sweep.certified(x[i])[gradient ? 1 : 0];
          side = judge(g, component, dtype).grade <= Grade::faithful ? Ruler::Side::within
                                                                     : Ruler::Side::outside;
        }
        count_grade(tally, side == Ruler::Side::within ? Grade::faithful : Grade::wrong);
      }
    }
    // Numbers of one binade have one exponent in binary64 too, subnormal ones several.
    const std::uint64_t exponent = std::bit_cast<std::uint64_t>(x[i]) >> 52;
    if (!worst || exponent != binade) {
      binade = exponent;
      worst = &tally.worst[pattern(dtype, x[i]) >> digits];
    }
    if (error / millionth < worst->error) continue;
    const SweepTally::Worst candidate{std::floor(error / millionth), pattern(dtype, x[i]), g};
    if (worst->yields_to(candidate)) *worst = candidate;
  }
  tally.inputs += x.size();
}

}  // namespace assay::audit
