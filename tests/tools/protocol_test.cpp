// The runner against testees that do everything wrong: the run ends, the fault has its name, every other
// answer is kept, and no process is left behind.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include "tools/testees/testee.hpp"

namespace assay {
namespace {

using namespace std::chrono_literals;

std::vector<Case> numbered(int count) {
  std::vector<Case> out;
  for (int i = 0; i < count; ++i) {
    Case c;
    c.id = "case-" + std::to_string(i);
    c.loss = "mse";
    Tensor prediction, target;
    prediction.shape = target.shape = {1};
    prediction.real = {1.5 + i};
    target.real = {0};
    c.inputs = {{"prediction", prediction}, {"target", target}};
    out.push_back(c);
  }
  return out;
}

bool alive(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string id, name, state;
  stat >> id >> name >> state;
  return stat && state != "Z" && state != "X";
}

/// A killed process needs a moment to be gone.
bool gone(pid_t pid) {
  for (int i = 0; i < 200; ++i) {
    if (!alive(pid)) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

class PidFile {
 public:
  PidFile() {
    std::string pattern = (std::filesystem::temp_directory_path() / "assay-protocol-XXXXXX").string();
    close(mkstemp(pattern.data()));
    path = pattern;
  }
  ~PidFile() { std::filesystem::remove(path); }
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;
  [[nodiscard]] std::vector<pid_t> pids() const {
    std::ifstream file(path);
    std::vector<pid_t> out;
    for (pid_t pid; file >> pid;) out.push_back(pid);
    return out;
  }
  std::string path;
};

struct Outcome {
  std::map<std::size_t, Answer> answers;
  std::map<std::size_t, Finding> lost;
  std::vector<Finding> findings;
  std::size_t processes = 0;

  [[nodiscard]] std::set<std::string> ids() const {
    std::set<std::string> out;
    for (const Finding& each : findings) out.insert(each.id);
    return out;
  }
  [[nodiscard]] std::string message(const std::string& id) const {
    for (const Finding& each : findings)
      if (each.id == id) return each.message;
    return "";
  }
};

/// Little patience with those that have to run out of it, much with the others, however busy the machine is.
ProcessOptions options(const std::string& behaviour, const PidFile& pids) {
  static const std::set<std::string> silent{"hang-on-one", "echo-hang",     "deep", "ignores-input",
                                            "stays",       "closes-output", "slow", "snippet-hang"};
  ProcessOptions out;
  out.command = {ASSAY_MISBEHAVING_TESTEE, behaviour, pids.path};
  out.handshake_seconds = 30;
  out.answer_seconds = silent.contains(behaviour) ? .3 : 30;
  return out;
}

Outcome talk(ProcessOptions with, const PidFile& pids, int count = 8) {
  Outcome out;
  {
    const auto testee = process_testee(std::move(with));
    testee->ask(
        numbered(count),
        [&](std::size_t i, Answer a) {
          EXPECT_FALSE(out.answers.contains(i) || out.lost.contains(i)) << "case " << i << " settled twice";
          out.answers.emplace(i, std::move(a));
        },
        [&](std::size_t i, Finding f) {
          EXPECT_FALSE(out.answers.contains(i) || out.lost.contains(i)) << "case " << i << " settled twice";
          out.lost.emplace(i, std::move(f));
        });
    out.findings = testee->finish();
  }
  EXPECT_EQ(out.answers.size() + out.lost.size(), static_cast<std::size_t>(count));
  for (const auto& [i, answer] : out.answers) {
    if (answer.outcome != Answer::Outcome::answered) continue;
    EXPECT_EQ(answer.value.real, std::vector<double>{1.5 + static_cast<double>(i)}) << "case " << i;
  }
  for (const auto* all : {&out.findings})
    for (const Finding& each : *all) EXPECT_EQ(each.message.find('\n'), std::string::npos) << each.message;
  for (const pid_t pid : pids.pids()) {
    ++out.processes;
    EXPECT_TRUE(gone(pid)) << "process " << pid << " is left";
  }
  return out;
}

Outcome talk(const std::string& behaviour, int count = 8) {
  const PidFile pids;
  return talk(options(behaviour, pids), pids, count);
}

using Ids = std::set<std::string>;

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

/// The snippet of a case, asked between two asks, both of which must get all their answers.
std::optional<std::string> snippet_of(const std::string& behaviour, std::vector<Finding>& findings,
                                      std::size_t& processes) {
  const PidFile pids;
  const auto testee = process_testee(options(behaviour, pids));
  int answers = 0;
  const auto ask = [&] {
    testee->ask(
        numbered(3), [&](std::size_t, const Answer&) { ++answers; },
        [](std::size_t, const Finding& f) { FAIL() << f.message; });
  };
  ask();
  const std::optional<std::string> snippet = testee->snippet(numbered(2)[1]);
  ask();
  EXPECT_EQ(answers, 6) << behaviour;
  findings = testee->finish();
  processes = pids.pids().size();
  return snippet;
}

TEST(Protocol, ATesteeWritesACaseDownInItsOwnLanguage) {
  std::vector<Finding> findings;
  std::size_t processes = 0;
  EXPECT_EQ(snippet_of("snippets", findings, processes), "case case-1\nend\n");
  EXPECT_TRUE(findings.empty());
  EXPECT_EQ(snippet_of("good", findings, processes), std::nullopt) << "it offers none";
  EXPECT_TRUE(findings.empty()) << "and was not asked for one";
  EXPECT_EQ(snippet_of("snippet-skip", findings, processes), std::nullopt);
  EXPECT_TRUE(findings.empty()) << "a case that it cannot write down is no fault";
  EXPECT_EQ(processes, 1u);
}

TEST(Protocol, ASnippetThatIsNoneIsAFindingAndCostsNothingElse) {
  const std::map<std::string, std::pair<std::string, std::size_t>> faults{
      {"snippet-crash", {"Segmentation fault", 2}},
      {"snippet-hang", {"no answer within", 2}},
      {"snippet-error", {"\"no such loss\"", 1}},
      {"snippet-number", {"without a \"snippet\"", 1}},
      {"snippet-missing", {"without a \"snippet\"", 1}}};
  for (const auto& [behaviour, expected] : faults) {
    std::vector<Finding> findings;
    std::size_t processes = 0;
    EXPECT_EQ(snippet_of(behaviour, findings, processes), std::nullopt) << behaviour;
    ASSERT_EQ(findings.size(), 1u) << behaviour;
    EXPECT_EQ(findings[0].id, "protocol/snippet") << behaviour;
    EXPECT_NE(findings[0].message.find(expected.first), std::string::npos)
        << behaviour << ": " << findings[0].message;
    EXPECT_EQ(processes, expected.second) << behaviour;
  }
  std::vector<Finding> findings;
  std::size_t processes = 0;
  EXPECT_EQ(snippet_of("snippet-twice", findings, processes), "once");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].id, "protocol/repeated-id");
}

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
                                         Harmless{"banner", "protocol/garbage", "fast backend"},
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

  const Outcome repeats = talk("flood-repeats", 2);  // the first answer is one, the second case gets none
  EXPECT_TRUE(repeats.answers.contains(0));
  ASSERT_TRUE(repeats.lost.contains(1));
  EXPECT_EQ(repeats.lost.at(1).id, "protocol/flood");
  EXPECT_EQ(repeats.ids(), Ids{"protocol/repeated-id"});
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

// Without a handshake there is nothing to ask: one line says why.
std::string refusal(ProcessOptions with) {
  const auto testee = process_testee(std::move(with));
  try {
    testee->handshake();
  } catch (const TesteeError& e) {
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    return e.what();
  }
  return "";
}
std::string refusal(const std::string& behaviour) {
  const PidFile pids;
  ProcessOptions with = options(behaviour, pids);
  with.handshake_seconds = .3;
  const std::string out = refusal(with);
  for (const pid_t pid : pids.pids()) EXPECT_TRUE(gone(pid));
  return out;
}

TEST(Protocol, WithoutAHandshakeOneLineSaysWhy) {
  EXPECT_NE(refusal("crash-at-once").find("signal 11"), std::string::npos);
  EXPECT_NE(refusal("no-handshake").find("no handshake within 0.3 s"), std::string::npos);
  EXPECT_NE(refusal("bad-handshake").find("implementation"), std::string::npos);
  EXPECT_NE(refusal("flood-at-once").find("answer nothing"), std::string::npos);
  EXPECT_NE(refusal("dies-of-import")
                .find("status 1 before it sent a handshake; it last wrote to standard error: "
                      "\"ModuleNotFoundError: No module named 'framework'\""),
            std::string::npos);
}

TEST(Protocol, ACommandThatCannotBeStartedIsNamed) {
  ProcessOptions with;
  with.command = {"no-such-program-anywhere"};
  EXPECT_NE(refusal(with).find("cannot start \"no-such-program-anywhere\": no such program"),
            std::string::npos);
  const PidFile text;
  with.command = {text.path};
  EXPECT_NE(refusal(with).find(": it may not be executed"), std::string::npos);
  std::ofstream(text.path) << "#!/no/such/interpreter\n";
  std::filesystem::permissions(text.path, std::filesystem::perms::owner_all);
  EXPECT_NE(refusal(with).find(": the interpreter that its first line names does not exist"),
            std::string::npos);
  with.command = {};
  EXPECT_NE(refusal(with).find("no command"), std::string::npos);
}

TEST(Protocol, ATesteeInheritsDirectoryAndEnvironment) {
  const PidFile pids;
  ProcessOptions with;
  setenv("ASSAY_PROTOCOL_TEST", pids.path.c_str(), 1);
  with.command = {"/bin/sh", "-c", "pwd > \"$ASSAY_PROTOCOL_TEST\""};
  refusal(with);
  std::string directory;
  std::getline(std::ifstream(pids.path), directory);
  EXPECT_EQ(directory, std::filesystem::current_path().string());
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
