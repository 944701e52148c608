// A third part of process_testee.hpp: what a program is asked beside cases, one question at a time. Echoes
// show what becomes of numbers on their way, snippets are a case in the program's own language.
#include <fmt/format.h>

#include "tools/testees/echo_probe.hpp"
#include "tools/testees/process_testee.hpp"
#include "tools/testees/quotation.hpp"
#include "tools/testees/reply.hpp"

namespace assay {

std::string echo_id(Dtype dtype) { return fmt::format("echo/{}", name(dtype)); }

void ProcessTestee::probe_echo(Dtype dtype) {
  Worker* const idle = any_ready();
  if (!idle) return;
  Worker& w = *idle;
  Json request = Json::object();
  request.add("id", Json::string(echo_id(dtype)));
  request.add("echo", tensor_to_json(echo_probe(dtype), dtype, w.channel->encoding(), Decimals::binary64));
  request.add("dtype", Json::string(name(dtype)));
  w.channel->send(dump_json(request));
  ++w.asked;
  w.echo = dtype;
  w.state = Worker::State::echoing;
  w.since = watch_.seconds();
  while (w.state == Worker::State::echoing) poll_programs();
}

void ProcessTestee::take_echo(Worker& w, const Json& message) {
  count_useful(w);
  w.state = Worker::State::ready;
  const std::string id = fmt::format("protocol/{}", echo_id(w.echo));
  const Json* echo = message.find("echo");
  if (!echo) {
    const Json* error = message.find("error");
    findings_.note(id,
                   error && error->is(Json::Kind::string)
                       ? fmt::format("the echo was answered with an error: {}", assay::quoted(error->text))
                       : "the echo was answered without an \"echo\"");
    return;
  }
  try {
    const Tensor came = answered_tensor(Json(*echo), w.echo, "echo");
    if (const auto changed = echo_change(echo_probe(w.echo), came, w.echo))
      findings_.note(id, changed->text, {}, changed->severity);
  } catch (const CodecError& e) {
    findings_.note(id, fmt::format("the echo cannot be read: {}", brief(e.what())));
  }
}

std::optional<std::string> ProcessTestee::snippet(const Case& c) {
  if (!handshake().snippets) return std::nullopt;
  Worker* const idle = any_ready();
  if (!idle) return std::nullopt;
  Worker& w = *idle;
  Json request = Json::object();
  request.add("id", Json::string(snippet_id));
  request.add("snippet", case_to_json(c, w.channel->encoding(), Decimals::binary64));
  const std::string line = dump_json(request);
  if (line.size() > max_line_bytes) return std::nullopt;
  w.channel->send(line);
  ++w.asked;
  w.state = Worker::State::writing;
  w.since = watch_.seconds();
  w.snippet.reset();
  while (w.state == Worker::State::writing) poll_programs();
  return std::exchange(w.snippet, std::nullopt);
}

void ProcessTestee::take_snippet(Worker& w, const Json& message) {
  count_useful(w);
  w.state = Worker::State::ready;
  const Json *snippet = message.find("snippet"), *error = message.find("error");
  if (snippet && snippet->is(Json::Kind::string) && !snippet->text.empty())
    w.snippet = snippet->text;
  else if (!message.find("skipped"))  // no call of its own makes every case
    findings_.note(fmt::format("protocol/{}", snippet_id),
                   error && error->is(Json::Kind::string)
                       ? fmt::format("a snippet was answered with an error: {}", assay::quoted(error->text))
                       : "a snippet was answered without a \"snippet\" that is a text");
}

}  // namespace assay
