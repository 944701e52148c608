// Hill-climbed worst cases: small cases are changed a number at a time, and a change is kept where it brings
// the error nearer to what the record allows. What random draws meet once in a billion, a climb walks to.
#include <array>
#include <cmath>
#include <limits>

#include "tests/claims/accuracy.hpp"
#include "tests/losses/lanes/splitmix.hpp"

namespace assay::tests {
namespace {

/// The largest share of what is allowed, conditioning included, that a component of the answer takes.
double share_taken(const Record& record, const Case& c, const Answer& answer, const reference::Truth& truth) {
  const Accuracy bound = record.accuracy[c.dtype];
  double share = 0;
  auto look = [&](const Tensor& got, const reference::TensorTruth& expected, bool gradient) {
    for (std::size_t i = 0; i < expected.components.size() && i < got.real.size(); ++i) {
      const reference::Component& v = expected.components[i];
      if (!v.checked || (v.lower < v.upper && got.real[i] >= v.lower && got.real[i] <= v.upper)) continue;
      const double excused = excused_ulps(bound, c.dtype, expected, i, gradient);
      share = std::max(share, judge(got.real[i], v, c.dtype).ulps / (bound.ulp + excused));
    }
  };
  look(answer.value, truth.value, false);
  for (const auto& [name, expected] : truth.gradient)
    if (!is_shared(record, name) && answer.gradient.contains(name))
      look(answer.gradient.at(name), expected, true);
  return share;
}

double moved_by_ulps(Dtype dtype, double x, int count) {
  for (int i = 0; i < std::abs(count); ++i) x = count < 0 ? next_down(dtype, x) : next_up(dtype, x);
  return x;
}

/// One number of one tensor becomes another; it may leave the domain.
Case changed(Case c, Splitmix& numbers) {
  std::vector<Tensor*> tensors;
  for (auto& [name, tensor] : c.inputs)
    if (!tensor.real.empty()) tensors.push_back(&tensor);
  if (tensors.empty()) return c;
  std::vector<double>& real = tensors[numbers.below(tensors.size())]->real;
  double& x = real[numbers.below(real.size())];
  const int bits = format(c.dtype).precision - 1;
  switch (numbers.below(7)) {
    case 0:
      x = moved_by_ulps(c.dtype, x, 1 + static_cast<int>(numbers.below(4)));
      break;
    case 1:
      x = moved_by_ulps(c.dtype, x, -1 - static_cast<int>(numbers.below(4)));
      break;
    case 2:
      x += std::ldexp(x, -1 - static_cast<int>(numbers.below(static_cast<std::size_t>(bits))));
      break;
    case 3:
      x -= std::ldexp(x, -1 - static_cast<int>(numbers.below(static_cast<std::size_t>(bits))));
      break;
    case 4:
      x = std::ldexp(x, static_cast<int>(numbers.below(7)) - 3);
      break;
    case 5:
      x = real[numbers.below(real.size())] *
          (1 + std::ldexp(numbers.symmetric(), -static_cast<int>(numbers.below(60))));
      break;
    default:
      x *= 1 + numbers.symmetric();
      break;
  }
  x = round_to(c.dtype, x);
  return c;
}

struct Climber {
  const Record& record;
  Dtype dtype;
  Splitmix numbers;
  std::int64_t judged = 0;
  double highest = 0;

  /// The share taken; nothing where the case cannot be judged.
  std::optional<double> height(const Case& c) {
    if (why_invalid(c)) return std::nullopt;
    const reference::Truth truth = reference::certify(c, {.max_bits = 2560});
    if (!truth.undecided.empty() || !truth.error.empty()) return std::nullopt;
    const Answer answer = kernel_answer(c);
    ++judged;
    const double share = share_taken(record, c, answer, truth);
    Worst worst;
    if (share > 1) hold(record, c, answer, truth, false, worst);
    return share;
  }

  void climb(Case c, int steps) {
    std::optional<double> here = height(c);
    for (int step = 0; step < steps && here && !testing::Test::HasFatalFailure(); ++step) {
      Case next = changed(c, numbers);
      if (numbers.below(3) == 0) next = changed(std::move(next), numbers);
      const std::optional<double> there = height(next);
      if (!there || *there < *here) continue;
      here = there;
      c = std::move(next);
    }
    if (here) highest = std::max(highest, *here);
  }
};

std::size_t size(const Case& c) {
  std::size_t out = 0;
  for (const auto& [name, tensor] : c.inputs) out += tensor.size();
  return out;
}

class Climb : public testing::TestWithParam<std::tuple<const Record*, Dtype>> {};
INSTANTIATE_TEST_SUITE_P(Of, Climb,
                         testing::Combine(testing::ValuesIn([] {
                                            std::vector<const Record*> out;
                                            for (const Record& each : catalogue()) out.push_back(&each);
                                            return out;
                                          }()),
                                          testing::ValuesIn(dtypes)),
                         [](const auto& each) {
                           return std::string(std::get<0>(each.param)->name) + "_" +
                                  std::string(name(std::get<1>(each.param)));
                         });

TEST_P(Climb, FindsNothingBeyondTheDeclaredBound) {
  const auto [record, dtype] = GetParam();
  // Where rows meet each other a step costs the reference some ten times as much.
  const std::int64_t enough = record->kind == Kind::element_wise ? 1200 : record->rows_depend ? 150 : 360;
  Climber climber{*record, dtype, Splitmix(2718)};
  for (std::int64_t i = 0; climber.judged < enough && i < 400 && !HasFatalFailure(); ++i) {
    const PlannedCase start = random_case(*record, dtype, 31, i);
    if (!start.error && size(start.question) <= 24)
      climber.climb(start.question, static_cast<int>(enough / 10));  // some start where nothing moves
  }
  if (HasFatalFailure()) return;
  EXPECT_GE(climber.judged, enough);
  EXPECT_GE(climber.highest, .49) << "a climb that finds less than a rounding does not climb";
  RecordProperty("judged", std::to_string(climber.judged));
  RecordProperty("highest", std::to_string(climber.highest));
}

}  // namespace
}  // namespace assay::tests
