// The runner's inside: what process_testee.cpp (programs, time, cases), process_testee_lines.cpp (what the
// programs say) and process_testee_probes.cpp (what else they are asked) share.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "tools/testees/case_channel.hpp"
#include "tools/testees/findings.hpp"
#include "tools/testees/handshake.hpp"
#include "tools/testees/testee.hpp"

namespace assay {

/// Time in which programs could have answered: that in which our caller digests an answer is not theirs.
class Stopwatch {
 public:
  [[nodiscard]] double seconds() const { return raw() - excluded_; }
  template <class Work>
  void exclude(Work work) {
    const double from = raw();
    work();
    excluded_ += raw() - from;
  }

 private:
  static double raw() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }
  double excluded_ = 0;
};

/// One program and what is between it and us.
struct Worker {
  enum class State : std::uint8_t { none, greeting, echoing, writing, ready, leaving };
  State state = State::none;
  std::unique_ptr<CaseChannel> channel;
  std::unordered_map<std::string, std::size_t> in_flight;  // request id to the case's number
  Dtype echo = Dtype::f32;
  std::optional<std::string> snippet;  // what it wrote last
  double since = 0;  // the last progress, or the last time when there was nothing to wait for
  std::optional<double> output_ended;
  std::size_t useless = 0, useful = 0;
  std::size_t asked = 0;      // requests that want an answer
  std::size_t misplaced = 0;  // answers in a row that belong to no request
  std::string preamble;       // its first line, where that is no handshake
  bool dying = false;
};

/// The line that was taken last was an answer to something.
inline void count_useful(Worker& w) {
  --w.useless;
  ++w.useful;
  w.misplaced = 0;
}

/// The ids that cases have in requests. So that an asker may go on for ever, of the ids that were answered
/// only the latest are kept; that is what a second answer to a case is told by.
class RequestIds {
 public:
  void new_round();
  /// The case's own id, changed where another case of the round has it.
  std::string give(std::string wanted, std::size_t number);
  void settle(const std::string& id);
  [[nodiscard]] bool settled(const std::string& id) const {
    return recent_.contains(id) || earlier_.contains(id);
  }

 private:
  std::unordered_set<std::string> open_, recent_, earlier_;
};

/// One ask. Its cases are kept until they are settled, since a program may die with them.
struct Round {
  struct Question {
    Case question;
    std::string id;
  };
  Asker* asker = nullptr;
  std::size_t given = 0;                           // cases that next() gave
  bool dry = true;                                 // next() had nothing, and nothing has come back since
  std::unordered_map<std::size_t, Question> open;  // by number: given and not settled
  std::deque<std::size_t> waiting;                 // of these, those that no program has
};

/// A death with several cases in flight, which the cases have to explain one by one.
struct Unexplained {
  Finding finding;
  std::set<std::size_t> suspects;
};

/// "echo/f32": the id of a probe, and the end of its finding's.
std::string echo_id(Dtype dtype);
/// Likewise of a case that is to be written down in the program's language.
inline constexpr std::string_view snippet_id = "snippet";

class ProcessTestee : public Testee {
 public:
  /// `by_number`: its channels need no ids, and so no book is kept of them.
  ProcessTestee(ProcessOptions options, Connect connect, bool by_number = false)
      : options_(std::move(options)),
        connect_(std::move(connect)),
        by_number_(by_number),
        workers_(static_cast<std::size_t>(std::max(1, options_.jobs))) {}

  const Handshake& handshake() override;
  using Testee::ask;
  void ask(Asker& asker) override;
  std::optional<std::string> snippet(const Case& c) override;
  std::vector<Finding> finish() override;

 private:
  void start(Worker& w);
  Worker* any_ready();
  void probe_echo(Dtype dtype);
  void start_more();
  bool more();
  std::size_t take();
  void fill(Worker& w);
  void poll_programs();
  void advance(Worker& w);
  void take_lines(Worker& w);
  void take_line(Worker& w, const std::string& line);
  void take_handshake(Worker& w, const Json& message);
  void take_echo(Worker& w, const Json& message);
  void take_snippet(Worker& w, const Json& message);
  void take_answer(Worker& w, Json message);
  void take_replies(Worker& w);
  void take_outcome(Worker& w, std::size_t number, std::variant<Answer, Finding> outcome);
  void take_misplaced(Worker& w, std::string_view id, std::string message, std::string_view quoted_id);
  void end(Worker& w, std::string_view id, std::string what);
  void blame(Worker& w, Finding finding, bool left_cleanly);
  void lose(std::size_t number, Finding finding);
  void keep(std::size_t number, Answer answer);
  void settle(std::size_t number);
  [[nodiscard]] std::optional<std::string> why_gone() const;
  [[nodiscard]] std::size_t most_in_flight() const;
  [[nodiscard]] bool any(Worker::State state) const {
    return std::any_of(workers_.begin(), workers_.end(), [&](const Worker& w) { return w.state == state; });
  }

  ProcessOptions options_;
  Connect connect_;
  bool by_number_;
  std::vector<Worker> workers_;
  Stopwatch watch_;
  Findings findings_;
  Handshake handshake_;
  bool greeted_ = false;
  std::optional<Finding> refused_;  // why the first handshake failed
  int deaths_ = 0;
  std::string hopeless_;        // why nothing more is asked, though it lives
  bool one_at_a_time_ = false;  // since a program died with several cases in flight
  Round round_;
  RequestIds ids_;
  std::vector<Unexplained> unexplained_;
};

}  // namespace assay
