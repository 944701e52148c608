// Lines to and from one program, over its standard streams, without ever waiting for it: what it does not
// read stays queued here, what it writes is cut into lines, and of its standard error the end is kept.
#pragma once

#include <poll.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/testees/child_process.hpp"

namespace assay {

class LineChannel {
 public:
  /// Throws StartError.
  /// `inherited` is a descriptor that the program has too, under the same number.
  explicit LineChannel(const std::vector<std::string>& command, int inherited = -1)
      : child_(command, inherited) {}
  virtual ~LineChannel() = default;

  /// Queues a line; the line break is added here.
  void send(std::string_view line);
  /// Its standard input is closed once everything queued is written.
  void no_more() { no_more_ = true; }
  [[nodiscard]] std::size_t unsent() const { return outbox_.size() - sent_; }

  /// What to wait for.
  void add_to(std::vector<pollfd>& all) const;
  /// Writes and reads what can be had without waiting, a bounded amount a call.
  void exchange();
  /// The half of it that writes.
  void write_some();
  /// The next complete line, without its line break.
  std::optional<std::string> next_line();

  /// What it wrote since the last line break.
  [[nodiscard]] std::string_view unfinished() const { return std::string_view(inbox_).substr(taken_); }

  /// A line went past the limit of the contract; nothing is read any more.
  [[nodiscard]] bool over_long() const { return over_long_; }
  /// Standard output has ended and every line of it was taken.
  [[nodiscard]] bool output_ended() const { return !child_.output.open() && inbox_.size() == taken_; }
  [[nodiscard]] bool input_refused() const { return input_refused_; }
  [[nodiscard]] bool ended() const { return child_.ended(); }

  /// What it had written can still be exchanged for lines.
  Exit kill() { return child_.kill(); }
  /// The last 64 KiB of standard error, as it came.
  [[nodiscard]] std::string errors() const;

 private:
  void read_output();
  void read_errors();

  ChildProcess child_;
  std::string outbox_, inbox_, errors_;
  std::size_t sent_ = 0, taken_ = 0, searched_ = 0;
  bool no_more_ = false, over_long_ = false, input_refused_ = false;
};

}  // namespace assay
