// The list of known failures: what it excuses, and that it cannot rot.
#include "tools/reports/known_failures.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tools/text/glob.hpp"

namespace assay {
namespace {

using Event = KnownFailures::Event;

TEST(Glob, AStarIsAnyNumberOfCharactersAndAQuestionMarkOne) {
  EXPECT_TRUE(glob_matches("huber/f32/*", "huber/f32/50351964cf46"));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("*/f32/*", "huber/f32/50351964cf46"));
  EXPECT_TRUE(glob_matches("h*r/?3?/5*6", "huber/f32/50351964cf46"));
  EXPECT_TRUE(glob_matches("a*b*c", "a-b-b-c-c"));
  EXPECT_TRUE(glob_matches("protocol/*", "protocol/echo/f32"));
  EXPECT_FALSE(glob_matches("huber/f32/*", "huber/f64/50351964cf46"));
  EXPECT_FALSE(glob_matches("huber", "huber/f32/50351964cf46"));
  EXPECT_FALSE(glob_matches("h?ber/*", "hber/f32"));
  EXPECT_FALSE(glob_matches("", "a"));
  EXPECT_FALSE(glob_matches("[a-z]*", "a")) << "brackets are themselves";
}

TEST(Glob, ManyStarsDoNotTakeForever) {
  EXPECT_FALSE(glob_matches("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

class KnownFailuresFile : public testing::Test {
 protected:
  // Tests of one binary run side by side.
  std::filesystem::path path_ = testing::TempDir() + "known_failures_" +
                                testing::UnitTest::GetInstance()->current_test_info()->name() + ".txt";
  ~KnownFailuresFile() override { std::filesystem::remove(path_); }

  KnownFailures read(const std::string& text) {
    std::ofstream(path_) << text;
    return KnownFailures(path_);
  }
  std::string error(const std::string& text) {
    try {
      read(text);
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "";
  }
  const KnownFailures::Scope everything_{{"huber", "mse"}, {"f32", "f64"}, {"huber", "mse"}, {"f32", "f64"}};
};

TEST_F(KnownFailuresFile, AnEntryExcusesTheFailuresItMatchesAndSaysWhy) {
  KnownFailures known =
      read("# all of it\n\n  huber/f32/*\t # flushed # to zero \r\nprotocol/echo/f32 # likewise\n");
  const KnownFailure* excuse = known.note("huber/f32/1", Event::failed);
  ASSERT_TRUE(excuse);
  EXPECT_EQ(excuse->reason, "flushed # to zero");
  EXPECT_EQ(excuse->line, 3);
  EXPECT_FALSE(known.note("huber/f64/1", Event::failed));
  EXPECT_FALSE(known.note("huber/f32/2", Event::passed));
  EXPECT_TRUE(known.note("protocol/echo/f32", Event::failed));
  EXPECT_TRUE(known.stale(everything_).empty());
}

TEST_F(KnownFailuresFile, AnEntryThatPassesIsSkippedOrIsNeverSeenIsStale) {
  KnownFailures known = read("huber/f32/1 # a\nhuber/f32/2 # b\nhuber/f32/3 # c\nhuber/f32/4 # d\n");
  known.note("huber/f32/1", Event::passed);
  EXPECT_FALSE(known.note("huber/f32/2", Event::skipped));
  known.note("huber/f32/4", Event::failed);
  const auto stale = known.stale(everything_);
  ASSERT_EQ(stale.size(), 3U);
  EXPECT_EQ(stale[0].pattern, "huber/f32/1");
  EXPECT_EQ(stale[0].why, "passes now");
  EXPECT_EQ(stale[1].why, "was skipped, which no reason excuses");
  EXPECT_EQ(stale[2].why, "matches nothing that was asked");
  EXPECT_EQ(stale[2].line, 3);
}

TEST_F(KnownFailuresFile, OneFailureKeepsAGlobAlive) {
  KnownFailures known = read("huber/* # some\n");
  known.note("huber/f32/1", Event::passed);
  known.note("huber/f32/2", Event::failed);
  EXPECT_TRUE(known.stale(everything_).empty());
}

TEST_F(KnownFailuresFile, WhatWasNotSelectedIsNotStale) {
  KnownFailures known =
      read("mse/f32/1 # a\nhuber/f64/* # b\nnone/f32/1 # c\n*/f64/* # d\nhuber/f32/9 # e\n");
  const auto stale = known.stale({{"huber"}, {"f32"}, {"huber", "mse"}, {"f32", "f64"}});
  ASSERT_EQ(stale.size(), 2U);
  EXPECT_EQ(stale[0].pattern, "none/f32/1") << "no such loss at all";
  EXPECT_EQ(stale[1].pattern, "huber/f32/9");
}

TEST_F(KnownFailuresFile, WhatMayBeNeededByACaseLeftOutIsNotStale) {
  KnownFailures known = read("huber/f32/* # a\nmse/f32/* # b\nmse/f64/* # c\n");
  known.note("huber/f32/1", Event::passed);
  known.note("mse/f32/1", Event::passed);
  known.withhold("huber/f32/2");
  known.withhold("mse/f64/2");
  const auto stale = known.stale(everything_);
  ASSERT_EQ(stale.size(), 1U);
  EXPECT_EQ(stale[0].pattern, "mse/f32/*");
}

TEST_F(KnownFailuresFile, EveryMistakeIsOneLineThatNamesItsPlace) {
  EXPECT_NE(error("huber/f32/*\n").find(":1: 'huber/f32/*' has no reason"), std::string::npos);
  EXPECT_NE(error("a # b\nhuber/f32/* #  \n").find(":2: 'huber/f32/*' has no reason"), std::string::npos);
  EXPECT_NE(error("a b # c\n").find("not one pattern"), std::string::npos);
  EXPECT_NE(error("a # b\na # c\n").find(":2: 'a' stands in line 1"), std::string::npos);
  EXPECT_NE(error("a\x1b[31m # b\n").find("not plain UTF-8"), std::string::npos);
  EXPECT_NE(error("\xff\xfe # b\n").find("not plain UTF-8"), std::string::npos);
  EXPECT_EQ(error("a # \xc3\xa9\n"), "") << "UTF-8 is welcome";
  for (const char* text : {"huber/f32/*\n", "a b # c\n", "\xff # b\n"})
    EXPECT_EQ(error(text).find('\n'), std::string::npos);
}

TEST_F(KnownFailuresFile, AFileThatCannotBeReadIsAnError) {
  const std::filesystem::path folder = testing::TempDir();
  EXPECT_THROW(KnownFailures{"/no/such/file"}, std::runtime_error);
  EXPECT_THROW(KnownFailures{folder}, std::runtime_error);
}

}  // namespace
}  // namespace assay
