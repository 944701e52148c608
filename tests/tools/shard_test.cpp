// Which part of a campaign a process does: from the command line, and from what each scheduler sets.
#include "tools/audit/shard.hpp"

#include <gtest/gtest.h>

#include <map>

#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

using Set = std::map<std::string, std::string>;

Shard shard(const std::string& option, const Set& set = {}) {
  return shard_from(option, [&](const char* name) -> std::optional<std::string> {
    const auto found = set.find(name);
    return found == set.end() ? std::nullopt : std::optional(found->second);
  });
}

std::string refusal(const std::string& option, const Set& set = {}) {
  try {
    return "accepted as " + shard_text(shard(option, set));
  } catch (const UsageError& e) {
    return e.what();
  }
}

void expect_refusal(const std::string& option, const Set& set, const std::string& part) {
  const std::string said = refusal(option, set);
  EXPECT_NE(said.find(part), std::string::npos) << option << ": " << said;
  EXPECT_EQ(said.find('\n'), std::string::npos) << said;
}

Set slurm(const std::string& id, const std::string& count, const std::string& least, const std::string& most,
          const std::string& step) {
  return {{"SLURM_ARRAY_TASK_ID", id},
          {"SLURM_ARRAY_TASK_COUNT", count},
          {"SLURM_ARRAY_TASK_MIN", least},
          {"SLURM_ARRAY_TASK_MAX", most},
          {"SLURM_ARRAY_TASK_STEP", step}};
}

TEST(Shards, EveryStrandIsTakenByExactlyOne) {
  for (const int count : {1, 2, 3, 7})
    for (std::size_t strand = 0; strand < 50; ++strand) {
      int taken = 0;
      for (int index = 1; index <= count; ++index) taken += Shard{index, count}.takes(strand) ? 1 : 0;
      EXPECT_EQ(taken, 1) << strand << " of " << count;
    }
}

TEST(Shards, TheCommandLineNamesOne) {
  EXPECT_EQ(shard("1/1"), (Shard{1, 1}));
  EXPECT_EQ(shard("3/10"), (Shard{3, 10}));
  EXPECT_EQ(shard_text(shard("3/10")), "3/10");
  for (const char* wrong : {"", "3", "0/4", "5/4", "-1/4", "1/0", "1/-4", "a/b", "1/4x", "1 /4", "1/", "/4",
                            "1/4/2", "automatic", "auto/", "auto/0", "auto/x", "1/99999999999999999999"})
    expect_refusal(wrong, {}, "must be I/N");
}

TEST(Shards, WithoutAutoNoVariableIsRead) {
  EXPECT_EQ(shard_from("2/3",
                       [](const char* name) -> std::optional<std::string> {
                         ADD_FAILURE() << name << " was read";
                         return std::nullopt;
                       }),
            (Shard{2, 3}));
}

TEST(Shards, SlurmsIdsBeginAnywhereAndGoInSteps) {
  EXPECT_EQ(shard("auto", slurm("1", "4", "1", "4", "1")), (Shard{1, 4}));
  EXPECT_EQ(shard("auto", slurm("0", "4", "0", "3", "1")), (Shard{1, 4}));
  EXPECT_EQ(shard("auto", slurm("3", "4", "0", "3", "1")), (Shard{4, 4}));
  EXPECT_EQ(shard("auto", slurm("7", "3", "5", "7", "1")), (Shard{3, 3}));
  EXPECT_EQ(shard("auto", slurm("30", "5", "10", "50", "10")), (Shard{3, 5}));
  EXPECT_EQ(shard("auto", slurm("7", "4", "1", "8", "2")), (Shard{4, 4})) << "--array=1-8:2 is 1, 3, 5, 7";
  EXPECT_EQ(shard("auto/4", slurm("2", "4", "1", "4", "1")), (Shard{2, 4})) << "the same count said twice";
  expect_refusal("auto", slurm("4", "3", "1", "5", "1"), "no even steps");  // --array=1,4,5
  expect_refusal("auto", slurm("15", "5", "10", "50", "10"), "no even steps");
  expect_refusal("auto", slurm("1", "3", "2", "4", "1"), "no even steps");
  expect_refusal("auto", slurm("1", "3", "0", "0", "0"), "no even steps");
  expect_refusal("auto/5", slurm("2", "4", "1", "4", "1"), "has 4 shards");
}

TEST(Shards, KubernetesTellsTheCountOnlyWhereTheManifestDoes) {
  EXPECT_EQ(shard("auto/8", {{"JOB_COMPLETION_INDEX", "0"}}), (Shard{1, 8}));
  EXPECT_EQ(shard("auto", {{"JOB_COMPLETION_INDEX", "7"}, {"JOB_COMPLETIONS", "8"}}), (Shard{8, 8}));
  expect_refusal("auto", {{"JOB_COMPLETION_INDEX", "0"}}, "say --shard auto/N");
  expect_refusal("auto/8", {{"JOB_COMPLETION_INDEX", "8"}}, "shard 9 of 8");
}

TEST(Shards, GoogleTestAndOpenMpiCountFromZero) {
  EXPECT_EQ(shard("auto", {{"GTEST_SHARD_INDEX", "0"}, {"GTEST_TOTAL_SHARDS", "3"}}), (Shard{1, 3}));
  EXPECT_EQ(shard("auto", {{"OMPI_COMM_WORLD_RANK", "2"}, {"OMPI_COMM_WORLD_SIZE", "3"}}), (Shard{3, 3}));
}

TEST(Shards, AnArrayTaskThatRunsMpiIsAnArrayTask) {
  Set both = slurm("2", "4", "1", "4", "1");
  both["OMPI_COMM_WORLD_RANK"] = "0";
  both["OMPI_COMM_WORLD_SIZE"] = "1";
  EXPECT_EQ(shard("auto", both), (Shard{2, 4}));
}

TEST(Shards, WhatNoSchedulerSaysIsOneLine) {
  expect_refusal("auto", {}, "no scheduler says which shard this is");
  expect_refusal("auto/4", {}, "no scheduler says which shard this is");
  expect_refusal("auto", {{"GTEST_SHARD_INDEX", "one"}, {"GTEST_TOTAL_SHARDS", "3"}},
                 "GTEST_SHARD_INDEX is \"one\"");
  expect_refusal("auto", {{"GTEST_SHARD_INDEX", "-1"}, {"GTEST_TOTAL_SHARDS", "3"}},
                 "GTEST_SHARD_INDEX is \"-1\"");
  expect_refusal("auto", {{"GTEST_SHARD_INDEX", "1"}, {"GTEST_TOTAL_SHARDS", ""}},
                 "GTEST_TOTAL_SHARDS is \"\"");
  expect_refusal("auto", {{"GTEST_SHARD_INDEX", "0"}, {"GTEST_TOTAL_SHARDS", "0"}}, "has 0 shards");
  expect_refusal("auto", {{"GTEST_SHARD_INDEX", "0\n"}, {"GTEST_TOTAL_SHARDS", "1"}}, "not a whole number");
}

}  // namespace
}  // namespace assay
