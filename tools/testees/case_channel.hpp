// What is between a session and one program: lines, and the cases among them. A program that has a shorter
// way for cases than a line of JSON is a class derived from this one; the session is the same.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "tools/testees/handshake.hpp"
#include "tools/testees/line_channel.hpp"

namespace assay {

/// What became of a case that was to be asked: it is under way; it has to wait for others to come back; it
/// cannot be sent; or it needs no asking.
struct UnderWay {};
struct Crowded {};
using Sent = std::variant<UnderWay, Crowded, Finding, Answer>;

/// What came back by the shorter way.
struct CameBack {
  std::size_t number = 0;
  std::variant<Answer, Finding> outcome;
};

class CaseChannel : public LineChannel {
 public:
  using LineChannel::LineChannel;

  /// The handshake came.
  virtual void greeted(const HandshakeReply& handshake) { encoding_ = handshake.encoding; }
  [[nodiscard]] Encoding encoding() const { return encoding_; }
  /// The case stays where it is until it has come back, or this is gone. `id` is for a line, `number` for the
  /// shorter way.
  virtual Sent ask(const std::string& id, std::size_t number, const Case& c);
  /// The next case that has come back otherwise than by a line.
  virtual std::optional<CameBack> next_reply() { return std::nullopt; }
  /// Before the session waits for the program: whether there is something already.
  virtual bool has_reply() { return false; }

 private:
  Encoding encoding_ = Encoding::data;
};

/// How a session starts a program. Throws StartError.
using Connect = std::function<std::unique_ptr<CaseChannel>()>;

}  // namespace assay
