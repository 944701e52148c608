// f32 losses of one number at every float. Some eight minutes each on one core:
//
//   cmake --preset exhaustive && cmake --build --preset exhaustive && ctest --preset exhaustive
//   build-exhaustive/tests/assay_exhaustive_tests --gtest_filter='*/softplus*'
//
// For the losses that are such functions by their records, `tools/assay audit --exhaustive` says the same.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>

#include "tests/losses/swept_losses.hpp"
#include "tools/audit/exhaustive.hpp"
#include "tools/kernels/kernel_testee.hpp"

namespace assay::tests {
namespace {

class EveryFloat : public testing::TestWithParam<audit::SweepPlan> {};
INSTANTIATE_TEST_SUITE_P(Of, EveryFloat, testing::ValuesIn(swept_losses()),
                         [](const auto& each) { return test_name(each.param); });

TEST_P(EveryFloat, IsCorrectlyRoundedButForAFew) {
  const auto start = std::chrono::steady_clock::now();
  const std::unique_ptr<Testee> kernels = kernel_testee();
  audit::SweepCampaign campaign = audit::new_campaign({GetParam()}, kernels->handshake(), {}, {});
  Testee* one[] = {kernels.get()};
  audit::run_exhaustively(campaign, one, {});
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  const std::vector<audit::SweepStatement> all = audit::statements(campaign, {.declared = true});
  EXPECT_EQ(all.size(), 2u);
  for (const audit::SweepStatement& each : all) {
    std::printf("%s, %.0f s\n", audit::text(each).c_str(), taken.count());
    EXPECT_TRUE(each.all);
    EXPECT_TRUE(each.conforms);
    EXPECT_EQ(each.beyond, 0u);
    EXPECT_EQ(each.undecided, 0u);
    EXPECT_LE(each.worst_ulps, .501);
    EXPECT_GE(static_cast<double>(each.correctly_rounded), .9998 * static_cast<double>(each.inputs));
  }
}

}  // namespace
}  // namespace assay::tests
