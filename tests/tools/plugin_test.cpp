// Plugins that do everything wrong, hosted in a child process and in this one: each fault has its name, no
// other answer is lost, and the run ends.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tools/testees/plugin_testee.hpp"

namespace assay {
namespace {

/// Mean squares of 1 to 8 numbers, (i + 1.5)^2 each in turn.
std::vector<Case> several() {
  std::vector<Case> out;
  for (int n = 1; n <= 8; ++n) {
    Case c;
    c.id = "case-" + std::to_string(n);
    c.loss = "mse";
    c.dtype = n % 2 == 0 ? Dtype::f32 : Dtype::f64;
    Tensor prediction, target;
    prediction.shape = target.shape = {n};
    for (int i = 0; i < n; ++i) prediction.real.push_back(n + .5);
    target.real.resize(static_cast<std::size_t>(n));
    c.inputs = {{"prediction", prediction}, {"target", target}};
    c.wrt = {"prediction"};
    out.push_back(c);
  }
  return out;
}

struct Outcome {
  std::map<std::size_t, Answer> answers;
  std::map<std::size_t, Finding> lost;
  std::vector<Finding> findings;

  [[nodiscard]] std::set<std::string> ids() const {
    std::set<std::string> out;
    for (const auto& [number, each] : lost) out.insert(each.id);
    for (const Finding& each : findings) out.insert(each.id);
    return out;
  }
  [[nodiscard]] std::string all_words() const {
    std::string out;
    for (const auto& [number, each] : lost) out += each.id + ": " + each.message + "\n";
    for (const Finding& each : findings) out += each.id + ": " + each.message + "\n";
    return out;
  }
};

std::unique_ptr<Testee> child(double seconds = 5) {
  return plugin_testee(
      {.path = ASSAY_MISBEHAVING_PLUGIN, .program = ASSAY_BINARY, .answer_seconds = seconds});
}

Outcome talk(Testee& testee, const std::vector<Case>& cases) {
  Outcome out;
  testee.ask(
      cases, [&](std::size_t i, Answer a) { out.answers.emplace(i, std::move(a)); },
      [&](std::size_t i, Finding f) { out.lost.emplace(i, std::move(f)); });
  out.findings = testee.finish();
  return out;
}

/// The library reads it at each call, in whichever process.
struct Behaviour {
  explicit Behaviour(const std::string& name) { setenv("ASSAY_TEST_PLUGIN", name.c_str(), 1); }
  ~Behaviour() { unsetenv("ASSAY_TEST_PLUGIN"); }
};

void expect_right(const Answer& answer, std::size_t i) {
  const double r = static_cast<double>(i) + 1.5, n = static_cast<double>(i + 1);
  EXPECT_EQ(answer.outcome, Answer::Outcome::answered) << answer.reason;
  ASSERT_EQ(answer.value.real.size(), 1u);
  EXPECT_NEAR(answer.value.real[0], r * r, 1e-5 * r * r);
  ASSERT_EQ(answer.gradient.at("prediction").real.size(), i + 1);
  for (const double each : answer.gradient.at("prediction").real) EXPECT_NEAR(each, 2 * r / n, 1e-5 * r);
}

struct Fault {
  const char* behaviour;
  std::size_t answers;  ///< right ones, of 8
  const char* finding;  ///< "" where there is none
  const char* says;
  bool contained = true;  ///< it leaves the process alive, so that it can be hosted in this one
};
class PluginFault : public testing::TestWithParam<Fault> {};
class ContainedFault : public testing::TestWithParam<Fault> {};

void expect_fault(const Outcome& out, const Fault& fault) {
  std::size_t right = 0;
  for (const auto& [i, answer] : out.answers) {
    if (answer.outcome != Answer::Outcome::answered) continue;
    expect_right(answer, i);
    ++right;
  }
  EXPECT_EQ(right, fault.answers);
  EXPECT_EQ(out.answers.size() + out.lost.size(), 8u);
  const std::set<std::string> expected =
      *fault.finding ? std::set<std::string>{fault.finding} : std::set<std::string>{};
  EXPECT_EQ(out.ids(), expected) << out.all_words();
  EXPECT_NE(out.all_words().find(fault.says), std::string::npos) << out.all_words();
}

TEST_P(PluginFault, HasItsNameInAChild) {
  const Behaviour behaviour(GetParam().behaviour);
  const auto testee = child(std::string(GetParam().behaviour) == "hang" ? .3 : 5);
  expect_fault(talk(*testee, several()), GetParam());
}

TEST_P(ContainedFault, HasItsNameInThisProcess) {
  const Behaviour behaviour(GetParam().behaviour);
  expect_fault(talk(*plugin_in_process(ASSAY_MISBEHAVING_PLUGIN), several()), GetParam());
}

const std::vector<Fault> faults{
    Fault{"", 8, "", ""},
    Fault{"strided", 8, "", ""},
    Fault{"offsets", 8, "", ""},
    Fault{"older-table", 8, "", ""},
    Fault{"prints", 8, "", "", false},
    Fault{"prints-early", 8, "", "", false},
    Fault{"crash", 7, "protocol/crash", "signal 11", false},
    Fault{"abort", 0, "protocol/crash", "signal 6", false},
    Fault{"exit", 0, "protocol/crash", "status 0", false},
    Fault{"hang", 7, "protocol/timeout", "no answer within 0.3 s", false},
    Fault{"closes", 8, "", "", false},
    Fault{"throw", 0, "protocol/exception", "out of luck"},
    Fault{"throw-int", 0, "protocol/exception", "no std::exception"},
    Fault{"unwritten", 0, "protocol/unwritten-output", "number 0 of 1 of \"value\""},
    Fault{"adds", 0, "protocol/unwritten-output", "number 0 of 1 of \"value\""},
    Fault{"past", 0, "protocol/out-of-bounds", "past the end of \"value\""},
    Fault{"before", 0, "protocol/out-of-bounds", "before the beginning of \"value\""},
    Fault{"far-past", 0, "protocol/crash", "signal 11", false},
    Fault{"inputs", 0, "protocol/inputs-changed", "changed its input \"prediction\""},
    Fault{"strange", 0, "protocol/malformed", "returned 7"},
    Fault{"shapes", 8, "", ""}};

std::vector<Fault> contained_faults() {
  std::vector<Fault> out;
  for (const Fault& each : faults)
    if (each.contained) out.push_back(each);
  return out;
}

std::string name_of(const testing::TestParamInfo<Fault>& tested) {
  std::string name = *tested.param.behaviour ? tested.param.behaviour : "none";
  std::erase(name, '-');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Plugins, PluginFault, testing::ValuesIn(faults), name_of);
INSTANTIATE_TEST_SUITE_P(Plugins, ContainedFault, testing::ValuesIn(contained_faults()), name_of);

TEST(Plugins, GapsBetweenStridedNumbersAreNobodys) {
  const Behaviour behaviour("between");
  for (const auto& testee : {child().release(), plugin_in_process(ASSAY_MISBEHAVING_PLUGIN).release()}) {
    const std::unique_ptr<Testee> owned(testee);
    std::string all;
    for (const auto& [number, each] : talk(*owned, several()).lost) all += each.message + "\n";
    EXPECT_NE(all.find("between the numbers of \"prediction\""), std::string::npos) << all;
  }
}

TEST(Plugins, AnEchoShowsWhatTheirOwnNumbersLose) {
  const auto words = [](const char* behaviour) {
    const Behaviour named(behaviour);
    const Outcome out = talk(*child(), several()),
                  here = talk(*plugin_in_process(ASSAY_MISBEHAVING_PLUGIN), several());
    EXPECT_EQ(out.answers.size(), 8u);
    EXPECT_EQ(here.ids(), out.ids());
    EXPECT_TRUE(out.ids().contains("protocol/echo/f32")) << out.all_words();
    return out.all_words();
  };
  EXPECT_NE(words("flushes").find("subnormal numbers come back as zero"), std::string::npos);
  EXPECT_NE(words("echo-fails").find("echo returned 1"), std::string::npos);
}

TEST(Plugins, ASkipAndAnErrorKeepTheirWords) {
  for (const char* each : {"skip", "error"}) {
    const Behaviour behaviour(each);
    const Outcome out = talk(*child(), several());
    ASSERT_EQ(out.answers.size(), 8u);
    for (const auto& [number, answer] : out.answers) {
      EXPECT_EQ(answer.outcome,
                std::string(each) == "skip" ? Answer::Outcome::skipped : Answer::Outcome::errored);
      EXPECT_EQ(answer.reason, "not today");
    }
  }
}

TEST(Plugins, AreNotAskedOutsideTheDomain) {
  const Behaviour behaviour("");
  std::vector<Case> cases = several();
  cases[3].inputs.at("target").shape = {2, 2};
  const Outcome out = talk(*child(), cases);
  EXPECT_EQ(out.answers.at(3).outcome, Answer::Outcome::errored);
  EXPECT_NE(out.answers.at(3).reason.find("outside the domain"), std::string::npos);
  expect_right(out.answers.at(4), 4);
}

TEST(Plugins, TakeCasesOfEverySizeInTurn) {
  const Behaviour behaviour("");
  std::vector<Case> cases;
  for (int i = 0; i < 200; ++i) {
    Case c = several()[0];
    c.id += std::to_string(i);
    const std::size_t n = i % 10 == 0 ? 100'000 : 1 + static_cast<std::size_t>(i);
    for (auto& [name, tensor] : c.inputs) {
      tensor.shape = {static_cast<std::int64_t>(n)};
      tensor.real.assign(n, name == "prediction" ? i : 0);
    }
    cases.push_back(c);
  }
  const Outcome out = talk(*child(), cases);
  ASSERT_EQ(out.answers.size(), 200u);
  for (const auto& [i, answer] : out.answers)
    EXPECT_NEAR(answer.value.real.at(0), static_cast<double>(i * i), 1e-9 * static_cast<double>(i * i));
}

struct Refusal {
  const char* behaviour;
  const char* says;
};
class PluginRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(PluginRefusal, IsOneLine) {
  const Behaviour behaviour(GetParam().behaviour);
  std::vector<std::unique_ptr<Testee>> all;
  all.push_back(child());
  if (std::string(GetParam().behaviour) != "describe-crashes")
    all.push_back(plugin_in_process(ASSAY_MISBEHAVING_PLUGIN));
  for (const auto& each : all) try {
      each->handshake();
      ADD_FAILURE() << "it was greeted";
    } catch (const TesteeError& e) {
      const std::string line = e.what();
      EXPECT_NE(line.find(GetParam().says), std::string::npos) << line;
      EXPECT_EQ(line.find('\n'), std::string::npos) << line;
    }
}

INSTANTIATE_TEST_SUITE_P(Plugins, PluginRefusal,
                         testing::Values(Refusal{"describes-garbage", "gives no JSON"},
                                         Refusal{"describes-list", "gives no JSON object"},
                                         Refusal{"describes-nothing", "gives NULL"},
                                         Refusal{"describe-throws", "no device"},
                                         Refusal{"describe-crashes", "signal 11"},
                                         Refusal{"no-table", "gives no table"},
                                         Refusal{"small-table", "lacks describe or answer"}),
                         [](const auto& tested) {
                           std::string name = tested.param.behaviour;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace assay
