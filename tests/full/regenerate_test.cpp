// The claim behind every golden file: its seed makes it again, bit for bit, and on the way a second
// arithmetic library agrees with every number that it can hold.
#include <gtest/gtest.h>

#include "losses/catalogue.hpp"
#include "tools/cli/generate.hpp"

namespace assay {
namespace {

struct Golden : testing::TestWithParam<std::tuple<std::string, std::string>> {};

std::vector<std::string> all_losses() {
  std::vector<std::string> out;
  for (const Record& each : catalogue()) out.emplace_back(each.name);
  return out;
}
INSTANTIATE_TEST_SUITE_P(Every, Golden,
                         testing::Combine(testing::ValuesIn(all_losses()), testing::Values("f32", "f64")),
                         [](const auto& each) {
                           return std::get<0>(each.param) + "_" + std::get<1>(each.param);
                         });

TEST_P(Golden, FileRegeneratesBitForBit) {
  EXPECT_EQ(generate({.losses = {std::get<0>(GetParam())},
                      .dtypes = {std::get<1>(GetParam())},
                      .out = ASSAY_SOURCE_DIR "/golden/v1",
                      .check = true}),
            0);
}

}  // namespace
}  // namespace assay
