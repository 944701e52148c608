// Conversations with tests/tools/misbehaving_testee.cpp: what came of one, and that no process is left
// behind.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tools/testees/testee.hpp"

namespace assay {

using namespace std::chrono_literals;

inline std::vector<Case> numbered(int count) {
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

inline bool alive(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string id, name, state;
  stat >> id >> name >> state;
  return stat && state != "Z" && state != "X";
}

/// A killed process needs a moment to be gone.
inline bool gone(pid_t pid) {
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
inline ProcessOptions options(const std::string& behaviour, const PidFile& pids) {
  static const std::set<std::string> silent{"hang-on-one", "echo-hang",     "deep", "ignores-input",
                                            "stays",       "closes-output", "slow", "snippet-hang"};
  ProcessOptions out;
  out.command = {ASSAY_MISBEHAVING_TESTEE, behaviour, pids.path};
  out.handshake_seconds = 30;
  out.answer_seconds = silent.contains(behaviour) ? .3 : 30;
  return out;
}

inline Outcome talk(ProcessOptions with, const PidFile& pids, int count = 8) {
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

inline Outcome talk(const std::string& behaviour, int count = 8) {
  const PidFile pids;
  return talk(options(behaviour, pids), pids, count);
}

using Ids = std::set<std::string>;

}  // namespace assay
