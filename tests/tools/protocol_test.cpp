// The runner and testees that do nothing wrong, however slow, many or out of order they are; and processes,
// of which none is left behind.
#include "tests/tools/conversation.hpp"

namespace assay {
namespace {

TEST(Protocol, AGoodTesteeIsHeardOutWithoutFindings) {
  const Outcome out = talk("good", 300);
  EXPECT_EQ(out.answers.size(), 300u);
  EXPECT_EQ(out.ids(), Ids{});
  EXPECT_EQ(out.processes, 1u);
}

TEST(Protocol, TheGoodbyeIsSent) { EXPECT_EQ(talk("needs-bye").ids(), Ids{}); }

TEST(Protocol, SeveralAsksAreOneConversation) {
  const PidFile pids;
  const auto testee = process_testee(options("good", pids));
  int answers = 0;
  for (int i = 0; i < 3; ++i)
    testee->ask(
        numbered(5), [&](std::size_t, const Answer&) { ++answers; },
        [](std::size_t, const Finding& f) { FAIL() << f.message; });
  EXPECT_EQ(testee->finish().size(), 0u);
  EXPECT_EQ(answers, 15);
  EXPECT_EQ(pids.pids().size(), 1u);
}

TEST(Protocol, CasesWithOneIdOrNoneAreToldApart) {
  const PidFile pids;
  const auto testee = process_testee(options("good", pids));
  std::vector<Case> cases = numbered(4);
  cases[1].id = cases[2].id = cases[0].id;
  cases[3].id = "";
  std::map<std::size_t, double> values;
  testee->ask(
      cases, [&](std::size_t i, const Answer& a) { values[i] = a.value.real.at(0); },
      [](std::size_t, const Finding& f) { FAIL() << f.message; });
  EXPECT_EQ(values, (std::map<std::size_t, double>{{0, 1.5}, {1, 2.5}, {2, 3.5}, {3, 4.5}}));
}

TEST(Protocol, AnswersMayComeInAnyOrder) {
  const Outcome out = talk("reverse", 50);
  EXPECT_EQ(out.answers.size(), 50u);
  EXPECT_EQ(out.ids(), Ids{});
}

TEST(Protocol, ASlowTesteeIsWaitedForAsLongAsItAnswers) {
  const Outcome out = talk("slow");  // 0.8 s in all, 0.3 s of patience for each
  EXPECT_EQ(out.answers.size(), 8u);
  EXPECT_EQ(out.ids(), Ids{});
}

TEST(Protocol, TimeThatTheCallerTakesIsNotTheTestees) {
  const PidFile pids;
  const auto testee = process_testee(options("slow", pids));
  int lost = 0;
  testee->ask(
      numbered(2), [&](std::size_t, const Answer&) { std::this_thread::sleep_for(400ms); },
      [&](std::size_t, const Finding&) { ++lost; });
  EXPECT_EQ(lost, 0);
}

TEST(Protocol, AChildOfTheTesteeThatKeepsThePipesOpenDelaysNothing) {
  const auto from = std::chrono::steady_clock::now();
  const Outcome out = talk("orphan");
  EXPECT_EQ(out.answers.size(), 8u);
  EXPECT_EQ(out.ids(), Ids{});
  EXPECT_EQ(out.processes, 2u);
  EXPECT_LT(std::chrono::steady_clock::now() - from, 5s);
}

TEST(Protocol, SeveralTesteesShareTheCasesAndMixNothingUp) {
  const PidFile pids;
  ProcessOptions with = options("good", pids);
  with.jobs = 3;
  const Outcome out = talk(with, pids, 500);
  EXPECT_EQ(out.answers.size(), 500u);
  EXPECT_EQ(out.ids(), Ids{});
  EXPECT_LE(out.processes, 3u);
}

TEST(Protocol, OneOfSeveralTesteesMayCrash) {
  const PidFile pids;
  ProcessOptions with = options("crash-on-one", pids);
  with.jobs = 3;
  const Outcome out = talk(with, pids, 200);
  EXPECT_EQ(out.answers.size(), 199u);
  EXPECT_EQ(out.lost.at(3).id, "protocol/crash");
}

TEST(Protocol, AnInterruptedRunLeavesNoProcess) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const PidFile pids;
    const ProcessOptions with = options("hang-and-orphan", pids);
    const pid_t run = fork();
    if (run == 0) {
      ::signal(signal, SIG_DFL);
      process_testee(with)->ask(
          numbered(2), [](std::size_t, const Answer&) {}, [](std::size_t, const Finding&) {});
      _exit(0);
    }
    while (pids.pids().size() < 2) std::this_thread::sleep_for(10ms);
    kill(run, signal);
    int status = 0;
    waitpid(run, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal) << status;
    for (const pid_t pid : pids.pids()) EXPECT_TRUE(gone(pid)) << "process " << pid << " is left";
  }
}

}  // namespace
}  // namespace assay
