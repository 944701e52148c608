#include "tools/testees/serving.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <optional>
#include <string>

#include "tools/text/codec.hpp"

namespace assay {
namespace {

constexpr std::size_t most_queued = std::size_t{256} << 20;
constexpr std::size_t most_unsent = std::size_t{64} << 20;
constexpr std::size_t compacted = std::size_t{4} << 20;  // what was sent is forgotten in pieces of this size
// A pipe that is ready to be written takes this much without waiting (POSIX: PIPE_BUF is at least 512, on
// Linux 4096). The streams are not ours alone, so they are not made non-blocking.
constexpr std::size_t write_chunk = 4096;

/// Requests cut out of a stream of bytes. A line past the limit is dropped as it comes.
class Requests {
 public:
  void append(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t end = std::min(bytes.find('\n'), bytes.size());
      partial_ += too_long_ ? std::string_view() : bytes.substr(0, end);
      if (partial_.size() > max_line_bytes) {
        too_long_ = true;
        std::string().swap(partial_);
      }
      if (end == bytes.size()) return;
      end_line();
      bytes.remove_prefix(end + 1);
    }
  }
  /// The last line may lack its line break.
  void end() {
    if (too_long_ || !partial_.empty()) end_line();
  }
  [[nodiscard]] bool empty() const { return lines_.empty(); }
  [[nodiscard]] bool full() const { return queued_ > most_queued; }
  /// Nothing stands for a line that was too long.
  std::optional<std::string> take() {
    std::optional<std::string> line = std::move(lines_.front());
    lines_.pop_front();
    if (line) queued_ -= cost(*line);
    return line;
  }

 private:
  static std::size_t cost(const std::string& line) { return line.size() + 64; }

  void end_line() {
    if (too_long_) {
      lines_.emplace_back(std::nullopt);
    } else if (partial_.find_first_not_of(" \t\r") != std::string::npos) {
      queued_ += cost(partial_);
      lines_.emplace_back(std::move(partial_));
    }
    partial_.clear();
    too_long_ = false;
  }

  std::deque<std::optional<std::string>> lines_;
  std::string partial_;
  std::size_t queued_ = 0;
  bool too_long_ = false;
};

class Server {
 public:
  Server(Testee& testee, const Served& how, int input, int output)
      : testee_(testee), how_(how), input_(input), output_(output) {}

  int run() {
    while (!over_ || unsent() > 0) {
      if (!turn()) return 1;
      if (ended_ && requests_.empty()) over_ = true;
    }
    return 0;
  }

 private:
  [[nodiscard]] std::size_t unsent() const { return outbox_.size() - sent_; }

  /// Writes if it can, else answers one request; reads whenever there is something. False: nobody listens.
  bool turn() {
    const bool can_answer = !over_ && !requests_.empty() && unsent() < most_unsent;
    std::array<pollfd, 2> streams{pollfd{over_ || ended_ || requests_.full() ? -1 : input_, POLLIN, 0},
                                  pollfd{unsent() > 0 ? output_ : -1, POLLOUT, 0}};
    poll(streams.data(), streams.size(), can_answer ? 0 : -1);
    if (streams[0].revents != 0) receive();
    if (streams[1].revents != 0) return transmit();
    if (can_answer) answer();
    return true;
  }

  void receive() {
    std::array<char, 1 << 16> buffer;
    const ssize_t got = read(input_, buffer.data(), buffer.size());
    if (got > 0) {
      requests_.append({buffer.data(), static_cast<std::size_t>(got)});
    } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
      requests_.end();
      ended_ = true;
    }
  }

  bool transmit() {
    const ssize_t written = write(output_, outbox_.data() + sent_, std::min(unsent(), write_chunk));
    if (written < 0) return errno == EINTR || errno == EAGAIN;
    sent_ += static_cast<std::size_t>(written);
    if (sent_ == outbox_.size() || sent_ > compacted) {
      outbox_.erase(0, sent_);
      sent_ = 0;
    }
    return true;
  }

  void answer() {
    const std::optional<std::string> request = requests_.take();
    const Response response = request ? respond(*request, testee_, how_) : respond_to_long_line();
    over_ = response.bye;
    if (!over_) outbox_ += response.line + '\n';
  }

  Testee& testee_;
  Served how_;
  int input_, output_;
  Requests requests_;
  std::string outbox_;
  std::size_t sent_ = 0;
  bool ended_ = false;  // the input has
  bool over_ = false;   // the conversation is
};

}  // namespace

int serve(Testee& testee, const Served& how, int input, int output) {
  return Server(testee, how, input, output).run();
}

}  // namespace assay
