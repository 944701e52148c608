// The other half of process_testee.hpp: what the runner makes of the lines that a program writes.
#include <fmt/format.h>

#include "tools/testees/process_testee.hpp"
#include "tools/testees/quotation.hpp"
#include "tools/testees/reply.hpp"

namespace assay {
namespace {

constexpr std::size_t useless_lines = 1'000;  // and ten more for each useful one: a flood
constexpr std::size_t most_misplaced = 5;     // in a row: who mixes ids up once may do it in every answer

}  // namespace

void ProcessTestee::take_lines(Worker& w) {
  while (const std::optional<std::string> line = w.channel->next_line()) {
    take_line(w, *line);
    if (!w.channel) return;
    // While our caller digests the other half of its answers, the program has something to do.
    if (w.state == Worker::State::ready && !w.dying && 2 * w.in_flight.size() <= most_in_flight()) fill(w);
    if (w.useless <= useless_lines + 10 * w.useful) continue;
    if (!w.dying) end(w, "protocol/flood", fmt::format("wrote {} lines that answer nothing", w.useless));
    return;
  }
  take_replies(w);
}

/// What came back otherwise than by a line.
void ProcessTestee::take_replies(Worker& w) {
  while (std::optional<CameBack> came = w.channel->next_reply()) {
    const auto asked = round_.open.find(came->number);
    if (asked == round_.open.end() || w.in_flight.erase(asked->second.id) == 0) continue;
    ++w.useful;
    take_outcome(w, came->number, std::move(came->outcome));
    if (w.state == Worker::State::ready && !w.dying && 2 * w.in_flight.size() <= most_in_flight()) fill(w);
  }
}

void ProcessTestee::take_line(Worker& w, const std::string& line) {
  ++w.useless;  // until it proves useful
  if (line.find_first_not_of(" \t\r") == std::string::npos) return;
  Json message;
  std::string fault;
  try {
    message = parse_json(line);
    if (!message.is(Json::Kind::object)) fault = "a JSON object";
  } catch (const JsonError&) {
    fault = "JSON";
  }
  if (w.state == Worker::State::greeting) {
    if (!w.preamble.empty()) return;  // whatever comes behind it, that was its first line
    if (fault.empty() && message.find("assay")) return take_handshake(w, message);
    w.preamble = assay::quoted(line);
    if (!w.dying)
      end(w, "protocol/handshake",
          fmt::format(
              "wrote a first line that is no handshake: {}; banners and logs belong on standard error",
              w.preamble));
    return;
  }
  if (!fault.empty()) {
    // Cut off in the middle of a line, it did not mean to write this.
    if (fault == "JSON" && w.dying) return;
    findings_.note("protocol/garbage",
                   fmt::format("a line of standard output is not {}: {}", fault, assay::quoted(line)));
    return;
  }
  const Json* id = message.find("id");
  if (!id || !id->is(Json::Kind::string)) {
    take_misplaced(w, "protocol/malformed",
                   fmt::format("an answer has no \"id\" that is a string: {}", assay::quoted(line)), "none");
  } else if (w.state == Worker::State::echoing && id->text == echo_id(w.echo)) {
    take_echo(w, message);
  } else if (w.state == Worker::State::writing && id->text == snippet_id) {
    take_snippet(w, message);
  } else if (w.in_flight.contains(id->text)) {
    take_answer(w, std::move(message));
  } else {
    const bool repeated = ids_.settled(id->text) || id->text.starts_with("echo/") ||
                          (id->text == snippet_id && handshake_.snippets);
    take_misplaced(
        w, repeated ? "protocol/repeated-id" : "protocol/unknown-id",
        fmt::format("{} {}", repeated ? "a second answer came to" : "an answer came to what was not asked:",
                    assay::quoted(id->text)),
        assay::quoted(id->text));
  }
}

/// An answer to no request. One may be a slip; in a row they say that this program knows nothing of ids, and
/// then each request would wait for its answer until the time is out.
void ProcessTestee::take_misplaced(Worker& w, std::string_view id, std::string message,
                                   std::string_view quoted_id) {
  if (!hopeless_.empty()) return;
  findings_.note(id, std::move(message));
  ++w.misplaced;
  // The one request that is under way was answered, if under another name.
  if (w.state == Worker::State::echoing || w.state == Worker::State::writing) w.state = Worker::State::ready;
  const bool nothing_else = w.useful == 1 && w.misplaced > 1 && w.misplaced >= w.asked;
  if (w.dying || (w.misplaced < most_misplaced && !nothing_else)) return;
  hopeless_ = fmt::format(
      "the testee answered {} times in a row under an id that was not asked, the last time {}; an answer has "
      "the \"id\" of its request",
      w.misplaced, quoted_id);
  end(w, id, hopeless_);
}

void ProcessTestee::take_handshake(Worker& w, const Json& message) {
  try {
    HandshakeReply reply = handshake_from_json(message);
    w.channel->greeted(reply);
    w.state = Worker::State::ready;
    count_useful(w);
    if (greeted_) return;
    greeted_ = true;
    handshake_ = std::move(reply.handshake);
    for (Finding& each : reply.oddities) findings_.add(std::move(each));
  } catch (const CodecError& e) {
    if (!w.dying)
      end(w, "protocol/handshake", fmt::format("sent a handshake that cannot be read: {}", brief(e.what())));
  }
}

void ProcessTestee::take_answer(Worker& w, Json message) {
  const auto asked = w.in_flight.find(message.find("id")->text);
  const std::size_t number = asked->second;
  w.in_flight.erase(asked);
  count_useful(w);
  take_outcome(w, number, answer_from_json(std::move(message), round_.open.at(number).question.dtype));
}

void ProcessTestee::take_outcome(Worker& w, std::size_t number, std::variant<Answer, Finding> outcome) {
  if (auto* finding = std::get_if<Finding>(&outcome))
    lose(number, std::move(*finding));
  else
    keep(number, std::move(std::get<Answer>(outcome)));
  w.since = watch_.seconds();
}

}  // namespace assay
