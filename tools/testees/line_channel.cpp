#include "tools/testees/line_channel.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "tools/text/json.hpp"

namespace assay {
namespace {

constexpr std::size_t chunk = std::size_t{64} << 10;
constexpr std::size_t kept_errors = std::size_t{64} << 10;
constexpr std::size_t compacted = std::size_t{4} << 20;  // what was sent is forgotten in pieces of this size
constexpr int chunks_a_call = 64;  // so that no testee keeps the others, or its own time-out, waiting

/// Bytes read into the buffer; 0 when there is nothing now; nothing when the stream has ended.
std::optional<std::size_t> read_some(int fd, std::array<char, chunk>& buffer) {
  for (;;) {
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got > 0) return static_cast<std::size_t>(got);
    if (got == 0) return std::nullopt;
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return 0;
    return std::nullopt;
  }
}

}  // namespace

void LineChannel::send(std::string_view line) {
  if (sent_ == outbox_.size() || sent_ > compacted) {
    outbox_.erase(0, sent_);
    sent_ = 0;
  }
  outbox_ += line;
  outbox_ += '\n';
}

void LineChannel::add_to(std::vector<pollfd>& all) const {
  if (child_.output.open() && !over_long_) all.push_back({child_.output.get(), POLLIN, 0});
  if (child_.errors.open()) all.push_back({child_.errors.get(), POLLIN, 0});
  if (child_.input.open() && unsent() > 0) all.push_back({child_.input.get(), POLLOUT, 0});
}

void LineChannel::exchange() {
  write_some();
  read_output();
  read_errors();
}

void LineChannel::write_some() {
  while (child_.input.open() && unsent() > 0) {
    const ssize_t written = write(child_.input.get(), outbox_.data() + sent_, unsent());
    if (written > 0) {
      sent_ += static_cast<std::size_t>(written);
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) break;
    input_refused_ = true;  // EPIPE: it may still answer what it has read
    child_.input.close();
  }
  if (no_more_ && (unsent() == 0 || !child_.input.open())) child_.input.close();
}

void LineChannel::read_output() {
  if (taken_ > 0) {
    inbox_.erase(0, taken_);
    searched_ -= taken_;
    taken_ = 0;
  }
  std::array<char, chunk> buffer;
  for (int i = 0; i < chunks_a_call && child_.output.open() && !over_long_; ++i) {
    const std::optional<std::size_t> got = read_some(child_.output.get(), buffer);
    if (!got) {
      child_.output.close();
      // The last line of a program that ended may lack its line break.
      if (!inbox_.empty() && inbox_.back() != '\n') inbox_ += '\n';
      break;
    }
    if (*got == 0) break;
    inbox_.append(buffer.data(), *got);
  }
}

void LineChannel::read_errors() {
  std::array<char, chunk> buffer;
  for (int i = 0; i < chunks_a_call && child_.errors.open(); ++i) {
    const std::optional<std::size_t> got = read_some(child_.errors.get(), buffer);
    if (!got) {
      child_.errors.close();
      break;
    }
    if (*got == 0) break;
    errors_.append(buffer.data(), *got);
    if (errors_.size() > 2 * kept_errors) errors_.erase(0, errors_.size() - kept_errors);
  }
}

std::optional<std::string> LineChannel::next_line() {
  const std::size_t found = inbox_.find('\n', searched_);
  const std::size_t end = std::min(found, inbox_.size());
  if (end - taken_ > max_line_bytes) {
    over_long_ = true;
    std::string().swap(inbox_);
    taken_ = searched_ = 0;
    return std::nullopt;
  }
  if (found == std::string::npos) {
    searched_ = inbox_.size();
    return std::nullopt;
  }
  std::string line = inbox_.substr(taken_, end - taken_);
  taken_ = searched_ = end + 1;
  return line;
}

std::string LineChannel::errors() const {
  return errors_.size() <= kept_errors ? errors_ : errors_.substr(errors_.size() - kept_errors);
}

}  // namespace assay
