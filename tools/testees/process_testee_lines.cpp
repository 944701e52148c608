// The other half of process_testee.hpp: what the runner makes of the lines that a program writes.
#include <fmt/format.h>

#include "tools/testees/process_testee.hpp"
#include "tools/testees/quotation.hpp"
#include "tools/testees/reply.hpp"

namespace assay {
namespace {

constexpr std::size_t useless_lines = 1'000;  // and ten more for each useful one: a flood

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
}

void ProcessTestee::take_line(Worker& w, const std::string& line) {
  ++w.useless;  // until it proves useful
  if (line.find_first_not_of(" \t\r") == std::string::npos) return;
  Json message;
  try {
    message = parse_json(line);
  } catch (const JsonError&) {
    // Cut off in the middle of a line, it did not mean to write this.
    if (!w.dying)
      findings_.note("protocol/garbage",
                     fmt::format("a line of standard output is not JSON: {}", assay::quoted(line)));
    return;
  }
  if (!message.is(Json::Kind::object)) {
    findings_.note("protocol/garbage",
                   fmt::format("a line of standard output is not a JSON object: {}", assay::quoted(line)));
    return;
  }
  if (w.state == Worker::State::greeting) {
    if (message.find("assay"))
      take_handshake(w, message);
    else
      findings_.note("protocol/garbage",
                     fmt::format("a line before the handshake is none: {}", assay::quoted(line)));
    return;
  }
  const Json* id = message.find("id");
  if (!id || !id->is(Json::Kind::string)) {
    findings_.note("protocol/malformed",
                   fmt::format("an answer has no \"id\" that is a string: {}", assay::quoted(line)));
  } else if (w.state == Worker::State::echoing && id->text == echo_id(w.echo)) {
    take_echo(w, message);
  } else if (w.state == Worker::State::writing && id->text == snippet_id) {
    take_snippet(w, message);
  } else if (w.in_flight.contains(id->text)) {
    take_answer(w, std::move(message));
  } else {
    const bool repeated = ids_.settled(id->text) || id->text.starts_with("echo/") ||
                          (id->text == snippet_id && handshake_.snippets);
    findings_.note(
        repeated ? "protocol/repeated-id" : "protocol/unknown-id",
        fmt::format("{} {}", repeated ? "a second answer came to" : "an answer came to what was not asked:",
                    assay::quoted(id->text)));
  }
}

void ProcessTestee::take_handshake(Worker& w, const Json& message) {
  try {
    HandshakeReply reply = handshake_from_json(message);
    w.encoding = reply.encoding;
    w.state = Worker::State::ready;
    --w.useless;
    ++w.useful;
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
  --w.useless;
  ++w.useful;
  auto outcome = answer_from_json(std::move(message), round_.open.at(number).question.dtype);
  if (auto* finding = std::get_if<Finding>(&outcome)) {
    lose(number, std::move(*finding));
  } else {
    settle(number);
    watch_.exclude([&] { round_.asker->answered(number, std::move(std::get<Answer>(outcome))); });
  }
  w.since = watch_.seconds();
}

}  // namespace assay
