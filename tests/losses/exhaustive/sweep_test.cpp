// f32 losses of one number at every float. Some two minutes each on one core:
//
//   cmake --preset exhaustive && cmake --build --preset exhaustive && ctest --preset exhaustive
//   build-exhaustive/tests/assay_exhaustive_tests --gtest_filter='*/log_cosh'
#include "tests/losses/lanes/sweep.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace assay::tests {
namespace {

class EveryFloat : public testing::TestWithParam<Unary> {};
INSTANTIATE_TEST_SUITE_P(Of, EveryFloat, testing::ValuesIn(unaries().begin(), unaries().end()),
                         [](const auto& each) { return each.param.name; });

TEST_P(EveryFloat, IsCorrectlyRoundedButForAFew) {
  const bool watched = isatty(STDERR_FILENO) != 0;
  const auto start = std::chrono::steady_clock::now();
  const Swept found = sweep(GetParam(), 1, [&](std::uint64_t done, std::uint64_t all) {
    if (watched)
      std::fprintf(stderr, "\r%s %3.0f %%", GetParam().name,
                   100. * static_cast<double>(done) / static_cast<double>(all));
  });
  if (watched) std::fprintf(stderr, "\r\033[K");
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  std::printf("%s, %.0f s\n", found.text(GetParam().name).c_str(), taken.count());
  EXPECT_EQ(found.wrong, 0u);
  EXPECT_LE(found.worst, .501);
  EXPECT_GE(found.share(), GetParam().share);
}

}  // namespace
}  // namespace assay::tests
