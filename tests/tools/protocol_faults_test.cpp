// The runner against testees that do everything wrong: the run ends, the fault has its name, and every other
// answer is kept.
#include "tests/tools/conversation.hpp"

namespace assay {
namespace {

// A fault of the conversation that takes no answer away.
struct Harmless {
  const char* behaviour;
  const char* finding;
  const char* says;
};
class HarmlessFault : public testing::TestWithParam<Harmless> {};

TEST_P(HarmlessFault, IsNamedAndEveryAnswerKept) {
  const Outcome out = talk(GetParam().behaviour);
  EXPECT_EQ(out.answers.size(), 8u);
  EXPECT_EQ(out.ids(), Ids{GetParam().finding});
  EXPECT_NE(out.message(GetParam().finding).find(GetParam().says), std::string::npos)
      << out.message(GetParam().finding);
}

INSTANTIATE_TEST_SUITE_P(Protocol, HarmlessFault,
                         testing::Values(Harmless{"garbage", "protocol/garbage", "Loading weights"},
                                         Harmless{"binary-garbage", "protocol/garbage",
                                                  "\\x00\\xff\\xfe{\\x1b[31m"},
                                         Harmless{"not-an-object", "protocol/garbage", "[1, 2]"},
                                         Harmless{"no-id", "protocol/malformed", "\"id\""},
                                         Harmless{"unknown-id", "protocol/unknown-id", "nobody asked"},
                                         Harmless{"repeated-id", "protocol/repeated-id", "case-"},
                                         Harmless{"talks-after-bye", "protocol/repeated-id", "case-1"},
                                         Harmless{"exit-nonzero", "protocol/exit", "status 3 after bye"},
                                         Harmless{"stays", "protocol/exit", "did not exit"},
                                         Harmless{"echo-flushed", "protocol/echo/f32", "subnormal"},
                                         Harmless{"echo-crash", "protocol/echo/f32", "signal 11"},
                                         Harmless{"echo-hang", "protocol/echo/f32", "no answer"},
                                         Harmless{"crash-once", "protocol/crash", "signal 11"}),
                         [](const auto& tested) {
                           std::string name = tested.param.behaviour;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Protocol, AChangedEchoNamesTheNumberInBothDtypes) {
  const Outcome out = talk("echo-changed");
  EXPECT_EQ(out.answers.size(), 8u);
  EXPECT_EQ(out.ids(), (Ids{"protocol/echo/f32", "protocol/echo/f64"}));
  EXPECT_NE(out.message("protocol/echo/f32").find("sent 0.1 (3dcccccd), got 0.25 (3e800000)"),
            std::string::npos)
      << out.message("protocol/echo/f32");
}

TEST(Protocol, AnEchoThatOnlyLostTheSignOfZeroIsANote) {
  const Outcome out = talk("echo-unsigned-zero");
  EXPECT_EQ(out.ids(), (Ids{"protocol/echo/f32", "protocol/echo/f64"}));
  for (const Finding& each : out.findings) {
    EXPECT_EQ(each.severity, Severity::note) << each.message;
    EXPECT_NE(each.message.find("-0 comes back as 0"), std::string::npos) << each.message;
  }
  const Outcome flushed = talk("echo-flushed-unsigned");
  ASSERT_EQ(flushed.findings.size(), 2u);
  EXPECT_EQ(flushed.findings[0].severity, Severity::failure) << flushed.findings[0].message;
  EXPECT_NE(flushed.findings[0].message.find("subnormal"), std::string::npos) << flushed.findings[0].message;
  EXPECT_EQ(flushed.findings[1].severity, Severity::note) << flushed.findings[1].message;
}

TEST(Protocol, AnEchoThatIsRefusedIsAFinding) {
  EXPECT_EQ(talk("echo-error").ids(), (Ids{"protocol/echo/f32", "protocol/echo/f64"}));
}

// A fault that costs case 3 its answer, and no other case.
struct Costly {
  const char* behaviour;
  const char* finding;
  const char* says;
};
class FaultOfOneCase : public testing::TestWithParam<Costly> {};

TEST_P(FaultOfOneCase, CostsThatCaseAlone) {
  const Outcome out = talk(GetParam().behaviour);
  EXPECT_EQ(out.ids(), Ids{});
  ASSERT_EQ(out.lost.size(), 1u);
  ASSERT_TRUE(out.lost.contains(3));
  EXPECT_EQ(out.lost.at(3).id, GetParam().finding);
  EXPECT_NE(out.lost.at(3).message.find(GetParam().says), std::string::npos) << out.lost.at(3).message;
}

INSTANTIATE_TEST_SUITE_P(Protocol, FaultOfOneCase,
                         testing::Values(Costly{"crash-on-one", "protocol/crash", "signal 11"},
                                         Costly{"exit-on-one", "protocol/crash", "status 7"},
                                         Costly{"hang-on-one", "protocol/timeout", "0.3 s"},
                                         Costly{"closes-output", "protocol/closed-output", "standard output"},
                                         Costly{"stderr", "protocol/crash", "the last\\x1b word"},
                                         Costly{"crash-and-orphan", "protocol/crash", "signal 11"},
                                         Costly{"two-outcomes", "protocol/two-outcomes", "\"error\""},
                                         Costly{"no-outcome", "protocol/malformed", "\"value\""},
                                         Costly{"wrong-types", "protocol/malformed", "value"},
                                         Costly{"wrong-length", "protocol/malformed", "value"},
                                         Costly{"huge-shape", "protocol/malformed", "value"}),
                         [](const auto& tested) {
                           std::string name = tested.param.behaviour;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Protocol, ALineWithoutEndIsCutAtTheLimit) {
  const Outcome out = talk("huge-line");
  EXPECT_EQ(out.answers.size(), 7u);
  EXPECT_EQ(out.ids(), Ids{});
  ASSERT_TRUE(out.lost.contains(3));
  EXPECT_EQ(out.lost.at(3).id, "protocol/long-line");
  EXPECT_NE(out.lost.at(3).message.find("64 MiB"), std::string::npos);
}

TEST(Protocol, OfStandardErrorTheLast64KiBAreKept) {
  const Outcome out = talk("stderr");
  ASSERT_TRUE(out.lost.contains(3));
  const std::string& detail = out.lost.at(3).detail;
  EXPECT_EQ(detail.size(), std::size_t{64} << 10);
  EXPECT_TRUE(detail.ends_with("the last\x1b word\n"));
}

TEST(Protocol, NestingBeyondTheLimitIsGarbageAndItsCaseTimesOut) {
  const Outcome out = talk("deep");
  EXPECT_EQ(out.ids(), Ids{"protocol/garbage"});
  ASSERT_TRUE(out.lost.contains(3));
  EXPECT_EQ(out.lost.at(3).id, "protocol/timeout");
  EXPECT_EQ(out.answers.size(), 7u);
}

TEST(Protocol, SkipsAndErrorsAreOutcomesWithVisibleReasons) {
  const Outcome skipped = talk("skip"), errored = talk("error");
  EXPECT_EQ(skipped.answers.at(3).outcome, Answer::Outcome::skipped);
  EXPECT_EQ(skipped.answers.at(3).reason, "no\\x1b memory");
  EXPECT_EQ(errored.answers.at(3).outcome, Answer::Outcome::errored);
  EXPECT_EQ(errored.answers.at(3).reason, "shape mismatch");
}

TEST(Protocol, AnAnswerWithoutItsLineBreakCountsWhenTheTesteeEnds) {
  const Outcome out = talk("last-words-without-newline");
  EXPECT_EQ(out.answers.size(), 8u);
}

TEST(Protocol, After20DeathsTheRestIsNotReached) {
  const Outcome out = talk("crash-always", 30);
  EXPECT_EQ(out.processes, 20u);
  std::map<std::string, int> kinds;
  for (const auto& [i, finding] : out.lost) ++kinds[finding.id];
  EXPECT_EQ(kinds, (std::map<std::string, int>{{"protocol/crash", 19}, {"protocol/not-reached", 11}}));
  for (std::size_t i = 0; i < 30; ++i)
    EXPECT_EQ(out.lost.at(i).id, i < 19 ? "protocol/crash" : "protocol/not-reached") << i;
}

TEST(Protocol, AFloodEndsTheTesteeAndIsNamed) {
  const Outcome garbage = talk("flood", 2);
  ASSERT_EQ(garbage.lost.size(), 2u);
  for (const auto& [i, finding] : garbage.lost) EXPECT_EQ(finding.id, "protocol/flood") << finding.message;
  EXPECT_EQ(garbage.ids(), Ids{"protocol/garbage"});
}

/// What became of eight cases: how many were answered, and that the rest was given up at once, for one
/// reason.
void expect_given_up(const std::string& behaviour, const std::string& finding, std::size_t answered,
                     const std::string& says) {
  const PidFile pids;
  ProcessOptions patient = options(behaviour, pids);
  patient.answer_seconds = 3600;
  const Outcome out = talk(std::move(patient), pids);
  EXPECT_EQ(out.answers.size(), answered) << behaviour;
  EXPECT_EQ(out.ids(), Ids{finding}) << behaviour;
  EXPECT_NE(out.message(finding).find(says), std::string::npos) << out.message(finding);
  for (const auto& [i, lost] : out.lost) {
    EXPECT_EQ(lost.id, "protocol/not-reached") << behaviour;
    EXPECT_NE(lost.message.find("times in a row under an id that was not asked"), std::string::npos)
        << lost.message;
  }
  EXPECT_EQ(out.processes, 1u) << behaviour;
}

TEST(Protocol, ATesteeThatMixesUpIdsIsGivenUpAtOnce) {
  expect_given_up("one-id", "protocol/unknown-id", 0, "what was not asked: \"1\" (and ");
  expect_given_up("one-id-for-cases", "protocol/unknown-id", 0,
                  "what was not asked: \"1\" (and 4 more such)");
  expect_given_up("no-ids", "protocol/malformed", 0, "no \"id\" that is a string");
  expect_given_up("first-id", "protocol/repeated-id", 1,
                  "a second answer came to \"case-0\" (and 4 more such)");
  expect_given_up("flood-repeats", "protocol/repeated-id", 1, "\"case-0\"");
}

TEST(Protocol, OneThatNeverGotAnIdRightIsGivenUpEvenSooner) {
  const PidFile pids;
  ProcessOptions patient = options("one-id", pids);
  patient.answer_seconds = 3600;
  const Outcome out = talk(std::move(patient), pids, 1);
  EXPECT_EQ(out.lost.at(0).id, "protocol/not-reached");
  EXPECT_EQ(out.message("protocol/unknown-id"),
            "an answer came to what was not asked: \"1\" (and 1 more such)");
}

TEST(Protocol, ATesteeThatReadsNothingTimesOutHoweverMuchItIsSent) {
  const PidFile pids;
  const auto testee = process_testee(options("ignores-input", pids));
  std::vector<Case> cases = numbered(3);
  for (Case& each : cases) {
    Tensor large;
    large.shape = {20'000};
    large.real.assign(20'000, 0.1);
    each.inputs["prediction"] = each.inputs["target"] = large;
  }
  std::map<std::size_t, std::string> lost;
  testee->ask(
      cases, [](std::size_t, const Answer&) { FAIL(); },
      [&](std::size_t i, const Finding& f) { lost[i] = f.id; });
  testee->finish();
  EXPECT_EQ(lost, (std::map<std::size_t, std::string>{
                      {0, "protocol/timeout"}, {1, "protocol/timeout"}, {2, "protocol/timeout"}}));
}

}  // namespace
}  // namespace assay
