// What blocks say of a loss of one number against what certify says: every loss that is swept, and others
// held at numbers of choice, so that most operations are met.
#include "reference/truth/sweep.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/losses/swept_losses.hpp"
#include "tools/cases/random.hpp"

namespace assay::tests {
namespace {

using audit::SweepPlan;
using reference::Component;

std::vector<SweepPlan> plans() {
  std::vector<SweepPlan> all = swept_losses();
  const auto add = [&](const char* loss, const char* swept,
                       std::vector<std::pair<std::string, double>> held) {
    all.push_back(audit::sweep_of(loss, Dtype::f32, swept, held));
  };
  add("mae", "prediction", {{"target", 1}});
  add("smooth_l1", "prediction", {{"target", .5}});
  add("mape", "prediction", {{"target", 3}});
  add("poisson_nll", "prediction", {{"target", 2}});
  add("tweedie_deviance", "prediction", {{"target", 2}});
  add("binary_cross_entropy", "probability", {{"target", .5}});
  add("margin_ranking", "x1", {{"x2", 1}, {"target", 1}});
  return all;
}

/// Where in the floats a block starts: in each fourth binade of both signs, at its beginning and within, and
/// wherever something special is.
std::vector<std::uint64_t> starts(std::uint64_t salt) {
  std::vector<std::uint64_t> all{0,          0x7f7fff80, 0x80000000, 0xff7fff80, 0x3f7fff80,
                                 0xbf7fff80, 0x42afff80, 0xc2cfff80, 0xc2afff80, 0x42b17190,
                                 0xc2aeac00, 0x4415ff80, 0x4316fff0, 0xc316fff0};
  Random random(salt);
  for (std::uint64_t binade = 0; binade < 512; binade += 16) {
    all.push_back(binade << 23);
    all.push_back((binade << 23) + random.below((1U << 23) - reference::Sweep::most));
  }
  return all;
}

class Sweeps : public testing::TestWithParam<SweepPlan> {};
INSTANTIATE_TEST_SUITE_P(Of, Sweeps, testing::ValuesIn(plans()),
                         [](const auto& each) { return test_name(each.param); });

bool is_swept(const SweepPlan& plan) {
  const std::vector<SweepPlan> all = swept_losses();
  return std::any_of(all.begin(), all.end(),
                     [&](const SweepPlan& each) { return each.text() == plan.text(); });
}

/// By 40 digits, to the 64 bits that a long double has at least.
void expect_enclosed(const reference::Sweep::Output& out, std::size_t i, const Component& truth, double x) {
  const long double exact = std::strtold(truth.digits.c_str(), nullptr);
  const long double distance = std::fabs(exact - static_cast<long double>(out.middle[i]));
  EXPECT_LE(distance, static_cast<long double>(out.radius[i]) + std::fabs(exact) * 0x1p-62L)
      << std::hexfloat << "x " << x << ", middle " << out.middle[i] << ", radius " << out.radius[i]
      << ", exact " << truth.digits;
}

TEST_P(Sweeps, SayWhatCertifySays) {
  reference::Sweep sweep(GetParam().one, GetParam().swept);
  Random random(0x5eed);
  std::vector<double> x;
  std::uint64_t numbers = 0, asked = 0;
  for (const std::uint64_t start : starts(7)) {
    audit::numbers_of(GetParam(), start, start + reference::Sweep::most - 1, x);
    if (x.empty()) continue;
    const std::uint64_t before = sweep.asked();
    sweep.evaluate(x);
    numbers += x.size();
    asked += sweep.asked() - before;
    for (int k = 0; k < 2; ++k) {
      const std::size_t i = k == 0 ? 0 : random.below(x.size());
      const std::vector<Component> truth = sweep.certified(x[i]);
      for (const bool gradient : {false, true}) {
        const reference::Sweep::Output& out = gradient ? sweep.gradient() : sweep.value();
        const Component& c = truth[gradient ? 1 : 0];
        const bool apart = std::any_of(out.apart.begin(), out.apart.end(),
                                       [&](const auto& each) { return each.first == i; });
        if (apart || std::isnan(x[i])) continue;
        ASSERT_TRUE(c.checked && c.lower == c.upper) << std::hexfloat << x[i];
        ASSERT_EQ(out.rounded[i], c.rounded) << std::hexfloat << x[i] << (gradient ? " gradient" : " value");
        if (std::isfinite(c.rounded)) expect_enclosed(out, i, c, x[i]);
      }
    }
  }
  RecordProperty("asked", std::to_string(asked) + " of " + std::to_string(numbers));
  if (!is_swept(GetParam())) return;
  EXPECT_LE(asked, numbers / 50) << "only what is near a kink or special should need certify";
}

}  // namespace
}  // namespace assay::tests
