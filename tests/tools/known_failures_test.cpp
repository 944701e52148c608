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

ReportedCase reported(const std::string& loss, const std::string& dtype, const std::string& slug,
                      Regime regime = Regime::everyday, std::vector<std::string> flags = {},
                      const std::string& id = "0123456789ab") {
  ReportedCase c;
  c.id = loss + "/" + dtype + "/" + id;
  c.loss = loss;
  c.dtype = dtype;
  c.slug = slug;
  c.regime = regime;
  c.flags = std::move(flags);
  return c;
}

bool matches(const std::string& pattern, const ReportedCase& c) {
  return FailurePattern(pattern).matches(subject_of(c));
}

TEST(FailurePattern, TheGlobIsOverTheIdOrOverLossDtypeAndSlug) {
  const ReportedCase c = reported("huber", "f32", "both-sides-of-delta");
  EXPECT_TRUE(matches("huber/f32/0123456789ab", c));
  EXPECT_TRUE(matches("huber/f32/*", c));
  EXPECT_TRUE(matches("*/*/both-sides-*", c));
  EXPECT_TRUE(matches("huber/?32/both-sides-of-delta", c));
  EXPECT_FALSE(matches("huber/f64/*", c));
  EXPECT_FALSE(matches("both-sides-of-delta", c)) << "a slug alone is a condition";
  EXPECT_FALSE(matches("huber/f32/both", c));
}

TEST(FailurePattern, AllConditionsMustHoldAndOneGlobOfEach) {
  const ReportedCase c =
      reported("ctc", "f64", "empty-set-t-mean", Regime::degenerate, {"Empty", "SumOverflow"});
  EXPECT_TRUE(matches("ctc/*/* slug:empty-* regime:degenerate", c));
  EXPECT_TRUE(matches("*/f64/* flag:SumOverflow", c));
  EXPECT_TRUE(matches("*/*/* flag:Empty flag:Sum*", c));
  EXPECT_TRUE(matches("*/*/* flag:None,Empty slug:full-*,empty-*-mean regime:special,degen*", c));
  EXPECT_FALSE(matches("ctc/*/* slug:empty-* regime:special", c));
  EXPECT_FALSE(matches("ctc/*/* slug:full-*,other regime:degenerate", c));
  EXPECT_FALSE(matches("*/*/* flag:Sum", c)) << "a glob is all of a flag";
  EXPECT_FALSE(matches("*/*/* flag:Empty flag:None", c));
  EXPECT_FALSE(matches("huber/*/* regime:degenerate", c));
  EXPECT_FALSE(matches("*/*/* flag:*", reported("ctc", "f64", "plain"))) << "it has none";
}

TEST(FailurePattern, AFindingAboutNoCaseHasAnIdAndNothingElse) {
  const FailureSubject echo{.id = "protocol/echo/f32"};
  EXPECT_TRUE(FailurePattern("protocol/echo/*").matches(echo));
  for (const char* condition : {"slug:*", "flag:*", "regime:*", "variant:*"})
    EXPECT_FALSE(FailurePattern("protocol/echo/* " + std::string(condition)).matches(echo)) << condition;
}

TEST(FailurePattern, TheVariantOfACaseLeftOutMayBeAny) {
  FailureSubject c = subject_of(reported("huber", "f32", "plain"));
  EXPECT_FALSE(FailurePattern("huber/*/* variant:layers").matches(c)) << "the loss has no variants";
  c.variant = "layers";
  EXPECT_TRUE(FailurePattern("huber/*/* variant:lay*").matches(c));
  EXPECT_FALSE(FailurePattern("huber/*/* variant:core").matches(c));
  c.variant.reset();
  EXPECT_TRUE(FailurePattern("huber/*/* variant:core").matches(c));
}

TEST(FailurePattern, APlaceOfAnAuditIsMatchedAsItStands) {
  const ReportedCase c = reported("huber", "f32", "huber/f32/value/everyday");
  EXPECT_TRUE(matches("huber/f32/value/*", c));
  EXPECT_TRUE(matches("*/*/* slug:*/value/*", c));
}

TEST(FailurePattern, TellsWhatItMayBeAboutByItsGlobAlone) {
  for (const char* pattern :
       {"huber/f32/*", "*/f32/x", "h*/*/*", "audit/huber/f32/*", "protocol/unsteady/huber/*", "huber*", "*",
        "huber/f*", "protocol/unsteady/huber/f32@layers"})
    EXPECT_TRUE(FailurePattern(pattern).may_be_of("huber", "f32")) << pattern;
  for (const char* pattern :
       {"mse/f32/*", "huber/f64/*", "audit/mse/*/*", "protocol/echo/f32", "hub", "huber/f6*"})
    EXPECT_FALSE(FailurePattern(pattern).may_be_of("huber", "f32")) << pattern;
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
  known.withhold({.id = "huber/f32/2"});
  known.withhold({.id = "mse/f64/2"});
  const auto stale = known.stale(everything_);
  ASSERT_EQ(stale.size(), 1U);
  EXPECT_EQ(stale[0].pattern, "mse/f32/*");
}

TEST_F(KnownFailuresFile, AnEntryThatSomeCasesOfFailAndOthersPassIsNeeded) {
  KnownFailures known = read("ctc/*/* slug:empty-*  # no frames are refused\n");
  const KnownFailure* excuse = known.note(reported("ctc", "f32", "empty-set"), "", Event::failed);
  ASSERT_TRUE(excuse);
  EXPECT_EQ(excuse->reason, "no frames are refused");
  known.note(reported("ctc", "f32", "empty-labels"), "", Event::passed);
  EXPECT_FALSE(known.note(reported("ctc", "f32", "full"), "", Event::failed));
  EXPECT_TRUE(known.stale(everything_).empty());
}

TEST_F(KnownFailuresFile, ACasesFindingIsExcusedLikewise) {
  KnownFailures known = read("protocol/crash # falls over\nhuber/f32/* slug:huge # too large\n");
  const ReportedCase c = reported("huber", "f32", "huge");
  EXPECT_EQ(known.note(c, "protocol/crash", Event::failed)->reason, "too large") << "what is about the case";
  EXPECT_TRUE(known.stale(everything_).empty()) << "both were needed";
  EXPECT_EQ(known.note(reported("mse", "f32", "x"), "protocol/crash", Event::failed)->reason, "falls over");
  EXPECT_FALSE(known.note(reported("mse", "f32", "x"), "protocol/timeout", Event::failed));
}

TEST_F(KnownFailuresFile, WithConditionsTooWhatPassesIsSkippedOrIsNeverSeenIsStale) {
  KnownFailures known =
      read("*/*/* slug:a # a\n*/*/* flag:B # b\n*/*/* regime:tail # c\n*/*/* slug:d # d\n*/*/* slug:e # e\n");
  known.note(reported("huber", "f32", "a"), "", Event::passed);
  known.note(reported("huber", "f32", "b", Regime::everyday, {"B"}), "", Event::skipped);
  known.note(reported("huber", "f32", "d"), "", Event::failed);
  const auto stale = known.stale(everything_);
  ASSERT_EQ(stale.size(), 4U);
  EXPECT_EQ(stale[0].pattern, "*/*/* slug:a");
  EXPECT_EQ(stale[0].why, "passes now");
  EXPECT_EQ(stale[1].why, "was skipped, which no reason excuses");
  EXPECT_EQ(stale[2].why, "matches nothing that was asked");
  EXPECT_EQ(stale[3].line, 5);
}

TEST_F(KnownFailuresFile, WhatMayBeAboutALossLeftOutIsNotStale) {
  KnownFailures known = read("*/*/* flag:AllMasked # a\n*/*/plain # b\nhuber/*/* slug:x # c\n");
  known.note(reported("huber", "f32", "plain"), "", Event::passed);
  const auto stale = known.stale({{"huber"}, {"f32", "f64"}, {"huber", "mse"}, {"f32", "f64"}});
  ASSERT_EQ(stale.size(), 1U);
  EXPECT_EQ(stale[0].pattern, "huber/*/* slug:x");
}

TEST_F(KnownFailuresFile, OneListServesGoldenCasesAndSearches) {
  const std::string list =
      "audit/huber/f32/* # a\npromise/huber/f32/IsConvex # b\nhuber/*/plain # c\n*/*/* flag:Kink # d\n"
      "huber/f32/* regime:tail # e\n";
  KnownFailures::Scope scope = everything_;
  const auto lines = [&] {
    std::vector<int> out;
    for (const auto& each : read(list).stale(scope)) out.push_back(each.line);
    return out;
  };
  EXPECT_EQ(lines(), (std::vector<int>{3, 4, 5})) << "what only a search finds is none of verify's business";
  scope.search = true;
  EXPECT_EQ(lines(), (std::vector<int>{1, 2, 5})) << "and slugs and flags are none of a search's";
  scope.regimes = {Regime::everyday};
  EXPECT_EQ(lines(), std::vector<int>{}) << "all of them may be needed in other regimes";
}

TEST_F(KnownFailuresFile, EveryMistakeIsOneLineThatNamesItsPlace) {
  EXPECT_NE(error("huber/f32/*\n").find(":1: 'huber/f32/*' has no reason"), std::string::npos);
  EXPECT_NE(error("a # b\nhuber/f32/* #  \n").find(":2: 'huber/f32/*' has no reason"), std::string::npos);
  EXPECT_NE(error("a b # c\n").find(":1: 'b' is no condition; after one glob come slug:GLOB"),
            std::string::npos);
  EXPECT_NE(error("slug:b # c\n").find("write '*/*/* slug:b'"), std::string::npos);
  EXPECT_NE(error("a slug:x,,y # c\n").find("has an empty glob"), std::string::npos);
  EXPECT_NE(error("a flag: # c\n").find("has an empty glob"), std::string::npos);
  EXPECT_NE(error("a regime:degenrate # c\n").find("no regime is like 'degenrate'; there are everyday"),
            std::string::npos);
  EXPECT_NE(error("a b:c # c\n").find("'b:c' is no condition"), std::string::npos);
  EXPECT_NE(error("a  slug:b # c\na slug:b # d\n").find(":2: 'a slug:b' stands in line 1"),
            std::string::npos);
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
