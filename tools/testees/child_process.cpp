#include "tools/testees/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <mutex>

#include "tools/text/printable.hpp"

#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace assay {
namespace {

// What the signal handler may touch: process groups alive, 0 where there is none.
std::array<std::atomic<pid_t>, 1024> groups{};
static_assert(std::atomic<pid_t>::is_always_lock_free);

constexpr std::array deadly{SIGINT, SIGTERM, SIGHUP};
std::array<struct sigaction, deadly.size()> previous{};
struct sigaction previous_pipe {
}, previous_child{};

extern "C" void kill_groups_and_die(int signal) {
  for (const auto& group : groups)
    if (const pid_t id = group.load(); id > 0) ::kill(-id, SIGKILL);
  for (std::size_t i = 0; i < deadly.size(); ++i)
    if (deadly[i] == signal) sigaction(signal, &previous[i], nullptr);
  raise(signal);  // blocked while we are here: acts as it would have without us as soon as we return
}

std::mutex guard_mutex;
int guarded = 0;

}  // namespace

SignalGuard::SignalGuard() {
  const std::lock_guard lock(guard_mutex);
  if (guarded++ > 0) return;
  struct sigaction ours {};
  sigemptyset(&ours.sa_mask);
  ours.sa_handler = kill_groups_and_die;
  for (std::size_t i = 0; i < deadly.size(); ++i) {
    sigaction(deadly[i], nullptr, &previous[i]);
    if (previous[i].sa_handler != SIG_IGN) sigaction(deadly[i], &ours, nullptr);
  }
  struct sigaction ignore {};
  sigemptyset(&ignore.sa_mask);
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, &previous_pipe);
  struct sigaction wait {};  // where SIGCHLD was inherited as ignored, nobody would learn how a child ended
  sigemptyset(&wait.sa_mask);
  wait.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &wait, &previous_child);
}

SignalGuard::~SignalGuard() {
  const std::lock_guard lock(guard_mutex);
  if (--guarded > 0) return;
  for (std::size_t i = 0; i < deadly.size(); ++i) sigaction(deadly[i], &previous[i], nullptr);
  sigaction(SIGPIPE, &previous_pipe, nullptr);
  sigaction(SIGCHLD, &previous_child, nullptr);
}

namespace {

void enter(pid_t group) {
  for (auto& slot : groups) {
    pid_t none = 0;
    if (slot.compare_exchange_strong(none, group)) return;
  }
}
void leave(pid_t group) {
  for (auto& slot : groups) {
    pid_t id = group;
    if (slot.compare_exchange_strong(id, 0)) return;
  }
}

/// Signals are held back between fork and the moment when the handler knows the group.
class HeldSignals {
 public:
  HeldSignals() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
  }
  ~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  sigset_t before;
};

struct Pipe {
  Descriptor read, write;
  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
      throw StartError(fmt::format("cannot make a pipe: {}", std::strerror(errno)));
    read = Descriptor(ends[0]);
    write = Descriptor(ends[1]);
  }
};

void do_not_block(const Descriptor& d) { fcntl(d.get(), F_SETFL, fcntl(d.get(), F_GETFL) | O_NONBLOCK); }

/// In the child: nothing but system calls. Returns only when the program could not be started.
void become(char* const* arguments, const std::array<int, 3>& streams, int inherited, const sigset_t& mask,
            pid_t parent) {
  setpgid(0, 0);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  if (getppid() != parent) _exit(127);
  // A stream may sit where another has to go (a parent that closed its own): first out of the way, then down.
  std::array<int, 3> moved{};
  for (std::size_t i = 0; i < 3; ++i) {
    moved[i] = fcntl(streams[i], F_DUPFD_CLOEXEC, 3);
    if (moved[i] < 0) return;
  }
  for (std::size_t i = 0; i < 3; ++i)
    if (dup2(moved[i], static_cast<int>(i)) < 0) return;
  if (inherited >= 0) fcntl(inherited, F_SETFD, 0);
  std::signal(SIGPIPE, SIG_DFL);  // what is ignored outlives exec
  for (const int each : deadly) {
    struct sigaction now {};
    sigaction(each, nullptr, &now);
    if (now.sa_handler != SIG_IGN) std::signal(each, SIG_DFL);  // our handler would kill our other children
  }
  pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  execvp(arguments[0], arguments);
}

std::string why_not(const std::string& program, int error) {
  const std::string shown = printable(program);
  if (error == ENOENT && program.find('/') != std::string::npos && access(program.c_str(), F_OK) == 0)
    return fmt::format("cannot start \"{}\": the interpreter that its first line names does not exist",
                       shown);
  if (error == ENOENT)
    return fmt::format("cannot start \"{}\": no such program; give a path or the name of a program on PATH",
                       shown);
  if (error == EACCES)
    return fmt::format(
        "cannot start \"{}\": it may not be executed; chmod +x it, or name its interpreter first", shown);
  return fmt::format("cannot start \"{}\": {}", shown, std::strerror(error));
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = other.fd_;
    other.fd_ = -1;
  }
  return *this;
}
void Descriptor::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

std::string Exit::describe() const {
  if (signal != 0) return fmt::format("was killed by signal {} ({})", signal, strsignal(signal));
  return fmt::format("exited with status {}", status);
}

ChildProcess::ChildProcess(const std::vector<std::string>& command, int inherited) {
  if (command.empty() || command[0].empty()) throw StartError("no command was given to start as a testee");
  Pipe in, out, err, report;
  std::vector<std::string> words = command;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  {
    const HeldSignals held;
    const pid_t parent = getpid();
    group_ = fork();
    if (group_ == 0) {
      become(arguments.data(), {in.read.get(), out.write.get(), err.write.get()}, inherited, held.before,
             parent);
      const int error = errno;
      while (write(report.write.get(), &error, sizeof error) < 0 && errno == EINTR) {
      }
      _exit(127);
    }
    if (group_ > 0) {
      setpgid(group_, group_);  // in both, so that neither depends on who runs first
      enter(group_);
    }
  }
  if (group_ < 0) {
    const int error = errno;
    throw StartError(fmt::format("cannot start \"{}\": {}", printable(command[0]), std::strerror(error)));
  }
  report.write.close();
  int error = 0;
  ssize_t got = 0;
  do got = read(report.read.get(), &error, sizeof error);
  while (got < 0 && errno == EINTR);
  if (got == sizeof error) {
    kill();
    throw StartError(why_not(command[0], error));
  }
  input = std::move(in.write);
  output = std::move(out.read);
  errors = std::move(err.read);
  for (const Descriptor* each : {&input, &output, &errors}) do_not_block(*each);
}

bool ChildProcess::ended() const {
  if (exit_) return true;
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(group_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == group_;
}

Exit ChildProcess::kill() {
  if (exit_) return *exit_;
  // Before the program is waited for: until then its number cannot become another group's.
  ::kill(-group_, SIGKILL);
  ::kill(group_, SIGKILL);
  int status = 0;
  pid_t waited = 0;
  do waited = waitpid(group_, &status, 0);
  while (waited < 0 && errno == EINTR);
  input.close();
  exit_ = Exit{};
  if (waited == group_ && WIFEXITED(status)) exit_->status = WEXITSTATUS(status);
  if (waited == group_ && WIFSIGNALED(status)) exit_->signal = WTERMSIG(status);
  leave(group_);
  return *exit_;
}

}  // namespace assay
