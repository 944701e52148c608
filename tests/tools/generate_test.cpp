// Claims about `assay generate`: what it writes regenerates, and what it cannot prove or store it does not
// write.
#include "tools/commands/generate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tools/golden/golden_file.hpp"
#include "tools/text/atomic_file.hpp"

namespace assay {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct Generate : testing::Test {
  fs::path home = fs::path(testing::TempDir()) /
                  ("generate_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
  fs::path out = home / "v1", file = out / "mae.f32.json";
  GenerateOptions options{
      .losses = {"mae"}, .dtypes = {"f32"}, .cases = 0, .seed = 7, .out = out.string(), .check = false};

  Generate() {
    fs::remove_all(home);
    fs::create_directories(home / "handpicked");
    fs::copy_file(fs::path(ASSAY_SOURCE_DIR) / "golden" / "handpicked" / "notes.json",
                  home / "handpicked" / "notes.json");
    // The large case costs seconds and none of these claims is about it.
    std::ofstream(home / "handpicked" / "mae.json")
        << R"({"loss": "mae", "notes": {}, "omit": [{"slug": "thousand", "reason": "slow"}], "cases": []})";
  }
  ~Generate() override { fs::remove_all(home); }

  /// Exit code, and what was said on standard error.
  std::pair<int, std::string> run(const Oracle& oracle = certified_reference()) const {
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    const int code = generate(options, oracle);
    said_ = testing::internal::GetCapturedStdout();
    return {code, testing::internal::GetCapturedStderr()};
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(out), {}));
  }
  mutable std::string said_;
};

TEST_F(Generate, WritesAFileThatRegeneratesBitForBit) {
  const auto [code, errors] = run();
  ASSERT_EQ(code, 0) << errors;
  EXPECT_EQ(files(), 1u);
  EXPECT_THAT(said_, HasSubstr("mae f32: "));
  EXPECT_THAT(said_, HasSubstr(" 0 undecided"));
  const GoldenFile golden = read_golden(file);
  EXPECT_GE(golden.cases.size(), 60u);
  EXPECT_EQ(golden.seed, 7u);

  options.check = true;
  options.seed = 99;  // the recorded one counts
  EXPECT_EQ(run(), std::pair(0, std::string()));
}

TEST_F(Generate, CheckNamesTheCaseWhoseByteChanged) {
  ASSERT_EQ(run().first, 0);
  const std::string text = read_file(file);
  const GoldenFile golden = read_golden(file);
  const std::string id = golden.cases[golden.cases.size() / 2].question.id;
  const std::size_t at = text.find("\"comment\"", text.find(id)) + 14;
  std::string changed = text;
  changed[at] = changed[at] == 'x' ? 'y' : 'x';
  write_file(file, changed);
  options.check = true;
  const auto [code, errors] = run();
  EXPECT_EQ(code, 1);
  EXPECT_THAT(errors, HasSubstr("in case " + id));
  EXPECT_EQ(std::ranges::count(errors, '\n'), 1);
  EXPECT_EQ(read_file(file), changed);
}

TEST_F(Generate, CheckSeesWhatIsMissingAtTheEndAndAtTheStart) {
  ASSERT_EQ(run().first, 0);
  const std::string text = read_file(file);
  options.check = true;
  write_file(file, text.substr(0, text.size() - 1));
  EXPECT_EQ(run().first, 1);
  write_file(file, "");
  EXPECT_EQ(run().first, 1);
  fs::remove(file);
  const auto [code, errors] = run();
  EXPECT_EQ(code, 1);
  EXPECT_THAT(errors, HasSubstr("mae.f32.json"));
}

TEST_F(Generate, AnotherSeedMakesAnotherFile) {
  ASSERT_EQ(run().first, 0);
  const std::string text = read_file(file);
  options.seed = 8;
  ASSERT_EQ(run().first, 0);
  EXPECT_NE(read_file(file), text);
}

TEST_F(Generate, WritesNothingForALossWithAnUndecidedCase) {
  Oracle oracle = certified_reference();
  oracle.certify = [](const Case& c) {
    reference::Truth truth = reference::certify(c);
    if (c.reduction == Reduction::sum) truth.undecided = "value[0]";
    return truth;
  };
  const auto [code, errors] = run(oracle);
  EXPECT_EQ(code, 1);
  EXPECT_THAT(errors, HasSubstr("undecided"));
  EXPECT_THAT(errors, HasSubstr("ordinary-sum, value[0]"));
  EXPECT_THAT(errors, HasSubstr("cotangent-sum, value[0]"));
  EXPECT_EQ(files(), 0u);
}

TEST_F(Generate, WritesNothingWhereTheSecondOpinionDiffers) {
  for (const reference::Backend doubter :
       {reference::Backend::mpfr_float, reference::Backend::cpp_bin_float, reference::Backend::rational}) {
    Oracle oracle = certified_reference();
    oracle.second_opinion = [&](const Case& c, reference::Backend backend) {
      reference::SecondOpinion opinion = reference::second_opinion(c, backend);
      if (backend == doubter) opinion.disagreement = "value[0]: 1 against 2";
      return opinion;
    };
    const auto [code, errors] = run(oracle);
    EXPECT_EQ(code, 1);
    EXPECT_THAT(errors, HasSubstr("value[0]: 1 against 2"));
    EXPECT_EQ(std::ranges::count(errors, '\n'), 1);
    EXPECT_EQ(files(), 0u);
  }
}

TEST_F(Generate, AnExceptionInAThreadIsOneLineAndNoFile) {
  Oracle oracle = certified_reference();
  oracle.certify = [](const Case&) -> reference::Truth { throw std::runtime_error("out of numbers"); };
  const auto [code, errors] = run(oracle);
  EXPECT_EQ(code, 1);
  EXPECT_THAT(errors, HasSubstr("out of numbers"));
  EXPECT_EQ(files(), 0u);
}

TEST_F(Generate, AFullDiskLeavesTheOldFileAndNothingBeside) {
  fs::create_directories(out);
  write_file(file, "old\n");
  rlimit usual{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &usual), 0);
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 4096, .rlim_max = usual.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  std::string refusal;
  try {
    write_file(file, std::string(100000, 'x'));
  } catch (const FileError& e) {
    refusal = e.what();
  }
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &usual), 0);
  std::signal(SIGXFSZ, previous);
  EXPECT_THAT(refusal, HasSubstr("cannot write"));
  EXPECT_THAT(refusal, HasSubstr("mae.f32.json"));
  EXPECT_EQ(read_file(file), "old\n");
  EXPECT_EQ(files(), 1u);
}

TEST_F(Generate, AFolderThatCannotBeWrittenIsOneLine) {
  // A file stands where the folder should be: refused to root as well.
  std::ofstream(home / "v1") << "no folder";
  const auto [code, errors] = run();
  EXPECT_EQ(code, 2);
  EXPECT_THAT(errors, HasSubstr("cannot make the folder"));
  EXPECT_EQ(std::ranges::count(errors, '\n'), 1);
}

TEST_F(Generate, UsageIsAnsweredWithoutWriting) {
  options.losses = {"maee"};
  EXPECT_EQ(run().first, 2);
  EXPECT_THAT(run().second, HasSubstr("did you mean \"mae\"?"));
  options.losses = {"mae"};
  options.dtypes = {"f16"};
  EXPECT_EQ(run().first, 2);
  options.dtypes = {"f32"};
  options.check = true;
  EXPECT_THAT(run().second, HasSubstr("no folder at"));
  EXPECT_FALSE(fs::exists(out));
}

}  // namespace
}  // namespace assay
