// The runner: talks with programs over the protocol of the contract, section 5, and survives all of them.
//
// One loop serves every program. Nothing in it waits for a program but poll; what a program does wrong ends
// that program, never the run.
#include "tools/testees/process_testee.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/testees/quotation.hpp"

namespace assay {
namespace {

constexpr int most_deaths = 20;
constexpr std::size_t window = 64;  // cases in flight with one program
constexpr std::size_t remembered_ids = std::size_t{1} << 16;
constexpr std::size_t unsent_bytes = std::size_t{1} << 20;  // more is not queued while this waits to be read
constexpr double closing_seconds = 1;                       // between the end of its output and its own
constexpr int poll_milliseconds = 50;                       // how soon an end without a closed pipe is seen
constexpr int closing_poll_milliseconds = 2;                // once its output has ended, it is about to

}  // namespace

void ProcessTestee::start(Worker& w) {
  w = Worker{};
  w.channel = connect_();
  w.channel->send(R"({"assay": 1})");
  w.state = Worker::State::greeting;
  w.since = watch_.seconds();
}

const Handshake& ProcessTestee::handshake() {
  if (greeted_) return handshake_;
  if (refused_) throw TesteeError(refused_->message, refused_->detail);
  try {
    start(workers_[0]);
  } catch (const StartError& e) {
    refused_ = Finding{"protocol/handshake", e.what()};
  }
  while (!greeted_ && !refused_) poll_programs();
  if (refused_) throw TesteeError(refused_->message, refused_->detail);
  for (const Dtype dtype : dtypes_offered(handshake_)) probe_echo(dtype);
  return handshake_;
}

/// A program that nothing is asked of, started where none runs; null where none can be.
Worker* ProcessTestee::any_ready() {
  for (Worker& w : workers_)
    if (w.state == Worker::State::ready) return &w;
  Worker& w = workers_[0];
  if (!w.channel && !why_gone()) {
    try {
      start(w);
    } catch (const StartError& e) {
      ++deaths_;
      findings_.note("protocol/handshake", e.what());
    }
  }
  while (w.state == Worker::State::greeting) poll_programs();
  return w.state == Worker::State::ready ? &w : nullptr;
}

void RequestIds::new_round() {
  earlier_ = std::exchange(recent_, {});
  open_.clear();
}

std::string RequestIds::give(std::string wanted, std::size_t number) {
  while (wanted.empty() || recent_.contains(wanted) || open_.contains(wanted))
    wanted += fmt::format("#{}", number);
  open_.insert(wanted);
  return wanted;
}

void RequestIds::settle(const std::string& id) {
  open_.erase(id);
  if (recent_.size() == remembered_ids) earlier_ = std::exchange(recent_, {});
  recent_.insert(id);
}

void ProcessTestee::ask(Asker& asker) {
  handshake();
  round_ = Round{};
  round_.asker = &asker;
  round_.dry = false;
  ids_.new_round();
  for (;;) {
    if (const std::optional<std::string> why = why_gone())
      while (more()) lose(take(), {"protocol/not-reached", "not reached: " + *why});
    for (Worker& w : workers_)
      if (w.state == Worker::State::ready) fill(w);
    start_more();
    if (!more() && round_.open.empty()) break;
    poll_programs();
  }
  for (Unexplained& each : unexplained_)
    findings_.note(each.finding.id, each.finding.message, std::move(each.finding.detail));
  unexplained_.clear();
  round_ = Round{};
}

void ProcessTestee::start_more() {
  for (Worker& w : workers_) {
    if (w.channel || why_gone() || !more()) continue;
    try {
      start(w);
    } catch (const StartError& e) {
      ++deaths_;
      findings_.note("protocol/handshake", e.what());
    }
  }
}

/// Whether a case waits to be sent.
bool ProcessTestee::more() {
  if (!round_.waiting.empty()) return true;
  if (round_.dry) return false;
  std::optional<Case> c;
  watch_.exclude([&] { c = round_.asker->next(); });
  if (!c) {
    round_.dry = true;
    return false;
  }
  const std::size_t number = round_.given++;
  std::string id = by_number_ ? std::to_string(number) : ids_.give(c->id, number);
  round_.open.emplace(number, Round::Question{*std::move(c), std::move(id)});
  round_.waiting.push_back(number);
  return true;
}

std::size_t ProcessTestee::take() {
  const std::size_t number = round_.waiting.front();
  round_.waiting.pop_front();
  return number;
}

/// Why nothing is asked any more; nothing while something is.
std::optional<std::string> ProcessTestee::why_gone() const {
  if (!hopeless_.empty()) return hopeless_;
  if (deaths_ < most_deaths) return std::nullopt;
  return fmt::format("the testee died {} times before", deaths_);
}

std::size_t ProcessTestee::most_in_flight() const { return one_at_a_time_ ? 1 : window; }

void ProcessTestee::fill(Worker& w) {
  while (!why_gone() && w.in_flight.size() < most_in_flight() && w.channel->unsent() < unsent_bytes &&
         more()) {
    const std::size_t number = take();
    const Round::Question& asked = round_.open.at(number);
    Sent became = w.channel->ask(asked.id, number, asked.question);
    if (std::holds_alternative<Crowded>(became)) {
      round_.waiting.push_front(number);
      break;
    }
    if (auto* finding = std::get_if<Finding>(&became)) {
      lose(number, std::move(*finding));
    } else if (auto* answer = std::get_if<Answer>(&became)) {
      keep(number, std::move(*answer));
    } else {
      if (w.in_flight.empty()) w.since = watch_.seconds();
      w.in_flight.emplace(asked.id, number);
      ++w.asked;
    }
  }
  w.channel->write_some();
}

void ProcessTestee::poll_programs() {
  std::vector<pollfd> streams;
  int wait = poll_milliseconds;
  for (const Worker& w : workers_)
    if (w.channel) {
      w.channel->add_to(streams);
      if (w.channel->output_ended()) wait = closing_poll_milliseconds;
      if (w.channel->has_reply()) wait = 0;
    }
  poll(streams.data(), static_cast<nfds_t>(streams.size()), wait);
  for (Worker& w : workers_)
    if (w.channel) advance(w);
}

void ProcessTestee::advance(Worker& w) {
  using State = Worker::State;
  w.channel->exchange();
  take_lines(w);
  if (!w.channel) return;
  const double waited = watch_.seconds() - w.since;
  if (w.channel->over_long()) {
    end(w, "protocol/long-line", "wrote a line of more than 64 MiB");
  } else if (w.channel->ended()) {
    end(w, w.state == State::leaving ? "protocol/exit" : "protocol/crash", "");
  } else if (w.channel->output_ended() && w.state != State::leaving) {
    if (!w.output_ended) w.output_ended = watch_.seconds();
    if (watch_.seconds() - *w.output_ended > std::min(closing_seconds, options_.answer_seconds))
      end(w, "protocol/closed-output", "closed its standard output");
  } else if (w.state == State::greeting && waited > options_.handshake_seconds) {
    const std::string_view begun = w.channel->unfinished();
    end(w, "protocol/handshake",
        fmt::format("sent no handshake within {} s{}", options_.handshake_seconds,
                    begun.empty()
                        ? std::string()
                        : fmt::format("; what it wrote lacks a line break: {}", assay::quoted(begun))));
  } else if (w.state == State::leaving && waited > options_.answer_seconds) {
    end(w, "protocol/exit", fmt::format("did not exit within {} s of bye", options_.answer_seconds));
  } else if ((w.state == State::echoing || w.state == State::writing || !w.in_flight.empty()) &&
             waited > options_.answer_seconds) {
    end(w, "protocol/timeout",
        fmt::format("gave no answer within {} s{}", options_.answer_seconds,
                    w.channel->input_refused() ? " and closed its standard input"
                                               : " (an answer counts once its line is flushed)"));
  }
}

void ProcessTestee::end(Worker& w, std::string_view id, std::string what) {
  w.dying = true;
  const Exit exit = w.channel->kill();
  w.channel->exchange();
  take_lines(w);
  const bool left_cleanly = w.state == Worker::State::leaving && what.empty() && exit.clean();
  if (what.empty()) {
    what = exit.describe();
    if (w.state == Worker::State::leaving) what += " after bye";
    if (w.state == Worker::State::greeting) what += " before it sent a handshake";
    if (w.state == Worker::State::greeting && !w.preamble.empty())
      what += "; its first line was " + w.preamble;
  }
  std::string errors = w.channel->errors();
  std::string message = fmt::format("the testee {}{}", what, last_words(errors));
  blame(w, Finding{std::string(id), std::move(message), std::move(errors)}, left_cleanly);
}

void ProcessTestee::blame(Worker& w, Finding finding, bool left_cleanly) {
  using State = Worker::State;
  const Worker dead = std::exchange(w, Worker{});
  if (left_cleanly) return;
  if (!hopeless_.empty()) {
    for (const auto& [id, number] : dead.in_flight) round_.waiting.push_back(number);
    return;
  }
  if (dead.state != State::leaving) ++deaths_;
  if (dead.state == State::greeting) {
    if (!greeted_)
      refused_ = std::move(finding);
    else
      findings_.note("protocol/handshake", finding.message, finding.detail);
  } else if (dead.state == State::echoing) {
    findings_.note(fmt::format("protocol/{}", echo_id(dead.echo)), finding.message, finding.detail);
  } else if (dead.state == State::writing) {
    findings_.note(fmt::format("protocol/{}", snippet_id), finding.message, finding.detail);
  } else if (dead.in_flight.size() == 1) {
    const std::size_t number = dead.in_flight.begin()->second;
    std::erase_if(unexplained_, [&](const Unexplained& each) { return each.suspects.contains(number); });
    finding.message += "; only this case was in flight";
    lose(number, std::move(finding));
  } else if (dead.in_flight.empty()) {
    findings_.note(finding.id, finding.message, finding.detail);
  } else {
    one_at_a_time_ = true;
    Unexplained death;
    for (const auto& [id, number] : dead.in_flight) death.suspects.insert(number);
    finding.message += fmt::format("; {} cases were in flight, and none of them was seen to do it alone",
                                   death.suspects.size());
    death.finding = std::move(finding);
    round_.waiting.insert(round_.waiting.begin(), death.suspects.begin(), death.suspects.end());
    unexplained_.push_back(std::move(death));
  }
}

void ProcessTestee::lose(std::size_t number, Finding finding) {
  settle(number);
  watch_.exclude([&] { round_.asker->lost(number, std::move(finding)); });
}

void ProcessTestee::keep(std::size_t number, Answer answer) {
  settle(number);
  watch_.exclude([&] { round_.asker->answered(number, std::move(answer)); });
}

void ProcessTestee::settle(std::size_t number) {
  const auto settled = round_.open.find(number);
  if (!by_number_) ids_.settle(settled->second.id);
  round_.open.erase(settled);
  round_.dry = false;
}

std::vector<Finding> ProcessTestee::finish() {
  for (Worker& w : workers_) {
    if (w.state == Worker::State::greeting) w = Worker{};  // started in vain
    if (w.state != Worker::State::ready) continue;
    w.channel->send(R"({"bye": true})");
    w.channel->no_more();
    w.state = Worker::State::leaving;
    w.since = watch_.seconds();
  }
  while (any(Worker::State::leaving)) poll_programs();
  return findings_.all();
}

std::unique_ptr<Testee> process_testee(ProcessOptions options) {
  Connect connect = [command = options.command] { return std::make_unique<CaseChannel>(command); };
  return std::make_unique<ProcessTestee>(std::move(options), std::move(connect));
}

}  // namespace assay
