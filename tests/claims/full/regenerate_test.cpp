// The claim behind every golden file: its seed makes it again, bit for bit, and on the way a second
// arithmetic library agrees with every number that it can hold. All questions are made anew, and of the
// answers one in sixteen, chosen by the hash in its id; `assay generate --check` makes all of them.
#include <gtest/gtest.h>

#include <map>

#include "losses/catalogue/catalogue.hpp"
#include "tools/commands/generate.hpp"
#include "tools/golden/golden_file.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/json.hpp"

namespace assay {
namespace {

bool chosen(const std::string& id) { return id.ends_with('0'); }

/// Certifies the chosen cases; of the others it says what the file says.
Oracle sampling(const std::string& loss, Dtype dtype) {
  std::map<std::string, reference::Truth> known;
  for (GoldenCase& each :
       read_golden(std::filesystem::path(ASSAY_SOURCE_DIR) / "golden/v1" / golden_file_name(loss, dtype))
           .cases)
    // A truth of many numbers is in the file to four decimals of a unit, which may leave a regime open.
    if (!chosen(each.question.id) && (each.error || regime_of(each.question, each.truth) == each.regime))
      known.emplace(each.question.id, std::move(each.truth));
  const Oracle real = certified_reference();
  return {[known, real](const Case& c) {
            const auto at = known.find(c.id);
            return at == known.end() ? real.certify(c) : at->second;
          },
          [real](const Case& c, const reference::Truth& truth) {
            return chosen(c.id) ? real.conventions(c, truth) : std::vector<reference::ConventionTruth>{};
          },
          [real](const Case& c, reference::Backend backend) {
            return chosen(c.id) ? real.second_opinion(c, backend) : reference::SecondOpinion{};
          }};
}

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

/// A file's text without the answers that were not made anew.
std::string without_known(const std::filesystem::path& path) {
  Json file = parse_json(read_file(path));
  for (auto& [name, member] : file.members) {
    if (name != "cases") continue;
    for (Json& each : member.items)
      if (!chosen(each.find("id")->text))
        std::erase_if(each.members, [](const auto& field) {
          return field.first == "expected" || field.first == "conventions";
        });
  }
  return dump_json(file);
}

TEST_P(Golden, FileRegeneratesBitForBit) {
  const auto& [loss, dtype_name] = GetParam();
  const Dtype dtype = dtype_named(dtype_name).value();
  const std::filesystem::path source = std::filesystem::path(ASSAY_SOURCE_DIR) / "golden",
                              folder = testing::TempDir() + "regenerated_" + loss + "_" + dtype_name,
                              file = golden_file_name(loss, dtype);
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "v1");
  std::filesystem::create_directory_symlink(source / "handpicked", folder / "handpicked");
  ASSERT_EQ(generate({.losses = {loss}, .dtypes = {dtype_name}, .out = folder / "v1"}, sampling(loss, dtype)),
            0);
  EXPECT_EQ(without_known(folder / "v1" / file), without_known(source / "v1" / file));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace assay
