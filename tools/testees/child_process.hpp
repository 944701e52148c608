// A program in a process group of its own, with pipes to its standard streams, killed as one.
#pragma once

#include <sys/types.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace assay {

/// One line: what could not be started, why, and what to do.
struct StartError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { close(); }

  void close();
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool open() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

/// How a program ended: "exited with status 1", "was killed by signal 11 (Segmentation fault)".
struct Exit {
  int status = 0;  ///< as exit() was told; meaningless when a signal ended it
  int signal = 0;

  [[nodiscard]] bool clean() const { return status == 0 && signal == 0; }
  [[nodiscard]] std::string describe() const;
};

/// While one lives, SIGPIPE is ignored, SIGCHLD is not, and SIGINT, SIGTERM and SIGHUP, unless they were
/// ignored, kill the groups of all child processes before they act.
class SignalGuard {
 public:
  SignalGuard();
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;
};

/// Should this process be killed outright, the kernel kills the program (not what it started).
class ChildProcess {
 public:
  /// Inherits working directory and environment, and one descriptor, if any, under its number. Our ends of
  /// the pipes do not block. Throws StartError.
  explicit ChildProcess(const std::vector<std::string>& command, int inherited = -1);
  ~ChildProcess() { kill(); }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  Descriptor input, output, errors;

  /// Whether the program itself has ended; those it started may live on, with its pipes. Never waits.
  [[nodiscard]] bool ended() const;
  /// Kills the whole group, waits for the program, and says how it ended. What it wrote can still be read.
  /// May be called again.
  Exit kill();

 private:
  SignalGuard guard_;
  pid_t group_ = -1;
  std::optional<Exit> exit_;
};

}  // namespace assay
