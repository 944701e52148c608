#include "tools/testees/plugin_serving.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <string>

#include "tools/testees/plugin_library.hpp"
#include "tools/testees/plugin_memory.hpp"
#include "tools/text/codec.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

/// The protocol's streams, out of the plugin's reach: what it prints goes to standard error, and what it
/// reads from standard input is empty.
struct Streams {
  int input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);

  Streams() {
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, STDIN_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    close(nothing);
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // so that what it printed is seen though it crashes
  }
};

class Server {
 public:
  Server(PluginLibrary& library, PluginMemory& memory, Streams streams)
      : library_(library), memory_(memory), streams_(streams) {}

  int run() {
    PluginControl& control = memory_.control();
    while (!over_) {
      while (const std::optional<std::uint32_t> slot = control.asked.pop())
        answer(std::min(*slot, small_slots));
      control.plugin_waits = 1;
      if (control.asked.empty()) receive();
      control.plugin_waits = 0;
    }
    return 0;
  }

 private:
  void answer(std::uint32_t slot) {
    PluginControl& control = memory_.control();
    PluginSlot& shared = control.slots[slot];
    const PluginReply reply = library_.answer(memory_.slot(slot) + shared.begin);
    shared.outcome = reply.outcome;
    shared.message[reply.message.copy(shared.message.data(), shared.message.size() - 1)] = '\0';
    control.answered.push(slot);
    if (control.host_waits.exchange(0) != 0) transmit("");
  }

  /// Waits for lines and takes them.
  void receive() {
    std::array<char, 1 << 16> buffer;
    const ssize_t got = ::read(streams_.input, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) return;
    over_ = got <= 0;
    if (got > 0) inbox_.append(buffer.data(), static_cast<std::size_t>(got));
    for (std::size_t end = inbox_.find('\n'); end != std::string::npos; end = inbox_.find('\n')) {
      if (end > 0) respond(inbox_.substr(0, end));
      inbox_.erase(0, end + 1);
    }
  }

  void respond(const std::string& line) {
    const Json request = parse_json(line);
    if (request.find("bye")) {
      over_ = true;
    } else if (request.find("assay")) {
      Json handshake = library_.describe();
      std::erase_if(handshake.members, [](const Json::Member& m) { return m.first == "snippets"; });
      transmit(dump_json(handshake));
    } else if (const Json* echo = request.find("echo")) {
      const Dtype dtype = dtype_named(request.find("dtype")->text).value();
      Json out = Json::object();
      out.add("id", *request.find("id"));
      try {
        const Tensor came = library_.echo(tensor_from_json(*echo, dtype, false, "echo"), dtype);
        out.add("echo", tensor_to_json(came, dtype, Encoding::bits));
      } catch (const TesteeError& e) {
        out.add("error", Json::string(e.what()));
      }
      transmit(dump_json(out));
    }
  }

  void transmit(std::string line) {
    line += '\n';
    for (std::size_t sent = 0; sent < line.size();) {
      const ssize_t written = ::write(streams_.output, line.data() + sent, line.size() - sent);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        over_ = true;  // nobody listens
        return;
      }
      sent += static_cast<std::size_t>(written);
    }
  }

  PluginLibrary& library_;
  PluginMemory& memory_;
  Streams streams_;
  std::string inbox_;
  bool over_ = false;
};

}  // namespace

int serve_plugin(const std::string& path, int descriptor) {
  try {
    const Streams streams;
    PluginMemory memory(descriptor);
    PluginLibrary library(path);
    return Server(library, memory, streams).run();
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", printable(e.what()));
    return 1;
  }
}

}  // namespace assay
