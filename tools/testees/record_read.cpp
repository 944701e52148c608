// Of record.hpp: reading a record, and answering from it.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "tools/testees/handshake.hpp"
#include "tools/testees/quotation.hpp"
#include "tools/testees/record.hpp"
#include "tools/testees/reply.hpp"
#include "tools/text/atomic_file.hpp"
#include "tools/text/printable.hpp"
#include "tools/text/usage_error.hpp"

namespace assay {
namespace {

std::string key(const std::string& id, const std::string& variant) { return id + "\n" + variant; }

/// The dtype in LOSS/DTYPE/HASH.
std::optional<Dtype> dtype_of(std::string_view id) {
  const std::size_t first = id.find('/'), second = id.find('/', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return std::nullopt;
  return dtype_named(id.substr(first + 1, second - first - 1));
}

/// Reads a record line by line; what it throws names none.
class Reader {
 public:
  void take(std::string_view line, std::size_t number) {
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return;
    Json message = object_in(line);
    if (!greeted_)
      greet(message);
    else if (message.find("assay") && !message.find("id"))
      throw CodecError("a second handshake; a record is of one testee: judge the other by itself");
    else if (!message.find("echo") && !message.find("snippet"))
      answer(std::move(message), number);
  }
  AnswerRecord record() && {
    if (!greeted_) throw CodecError("there is no handshake: it is the first line of a record");
    return std::move(record_);
  }

 private:
  static Json object_in(std::string_view line) {
    Json message;
    try {
      message = parse_json(line);
    } catch (const JsonError& e) {
      throw CodecError(fmt::format("is no JSON ({}): {}; a line that was cut off can be deleted",
                                   brief(e.what()), assay::quoted(line)));
    }
    if (!message.is(Json::Kind::object))
      throw CodecError(fmt::format("is no JSON object: {}", assay::quoted(line)));
    return message;
  }

  void greet(const Json& message) {
    if (!message.find("assay"))
      throw CodecError(
          R"(a record begins with the handshake, {"assay": 1, "implementation": ..., "losses": ...})");
    HandshakeReply reply = handshake_from_json(message);
    record_.handshake = std::move(reply.handshake);
    record_.handshake.snippets = false;
    record_.oddities = std::move(reply.oddities);
    greeted_ = true;
  }

  void answer(Json message, std::size_t number) {
    const auto text = [&](std::string_view name) -> std::string {
      const Json* found = message.find(name);
      if (found && !found->is(Json::Kind::string))
        throw CodecError(fmt::format("\"{}\" must be a text", name));
      return found ? found->text : "";
    };
    RecordedAnswer out{text("id"), text("variant"), number, Finding{}};
    if (out.id.empty()) throw CodecError("an answer needs the \"id\" of the golden case that it answers");
    const std::optional<Dtype> dtype = dtype_of(out.id);
    if (!dtype)
      throw CodecError(
          fmt::format("{} is no id of a golden case, which is LOSS/DTYPE/HASH", assay::quoted(out.id)));
    const auto [earlier, is_new] = lines_.emplace(key(out.id, out.variant), number);
    if (!is_new)
      throw CodecError(fmt::format("a second answer to {}, which line {} answers; delete one of them",
                                   printable(out.id), earlier->second));
    auto outcome = answer_from_json(std::move(message), *dtype);
    if (auto* finding = std::get_if<Finding>(&outcome)) {
      finding->message = fmt::format("line {} of the record: {}", number, finding->message);
      out.outcome = std::move(*finding);
    } else {
      out.outcome = std::move(std::get<Answer>(outcome));
    }
    record_.answers.push_back(std::move(out));
  }

  AnswerRecord record_;
  bool greeted_ = false;
  std::unordered_map<std::string, std::size_t> lines_;  // of each answer
};

class RecordedTestee : public Testee {
 public:
  explicit RecordedTestee(AnswerRecord record) : record_(std::move(record)) {
    for (std::size_t i = 0; i < record_.answers.size(); ++i)
      places_.emplace(key(record_.answers[i].id, record_.answers[i].variant), i);
  }

  const Handshake& handshake() override { return record_.handshake; }

  void ask(Asker& asker) override {
    std::size_t number = 0;
    while (const std::optional<Case> c = asker.next()) {
      const auto found = places_.find(key(c->id, c->variant));
      if (found == places_.end())
        asker.lost(number, {"protocol/no-answer", "the record has no answer"});
      else
        give(record_.answers[found->second].outcome, asker, number);
      ++number;
    }
  }

  std::vector<Finding> finish() override { return record_.oddities; }

 private:
  static void give(const std::variant<Answer, Finding>& outcome, Asker& asker, std::size_t number) {
    if (const auto* finding = std::get_if<Finding>(&outcome))
      asker.lost(number, *finding);
    else
      asker.answered(number, std::get<Answer>(outcome));
  }

  AnswerRecord record_;
  std::unordered_map<std::string, std::size_t> places_;
};

}  // namespace

AnswerRecord read_record(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  Reader reader;
  std::size_t number = 0;
  try {
    for (std::string_view left = text; !left.empty();) {
      ++number;
      const std::size_t end = std::min(left.find('\n'), left.size());
      reader.take(left.substr(0, end), number);
      left.remove_prefix(std::min(end + 1, left.size()));
    }
    return std::move(reader).record();
  } catch (const std::runtime_error& e) {  // CodecError, JsonError
    throw UsageError(fmt::format("{}, line {}: {}", printable(path.string()), number, e.what()));
  }
}

std::unique_ptr<Testee> recorded_testee(AnswerRecord record) {
  return std::make_unique<RecordedTestee>(std::move(record));
}

}  // namespace assay
