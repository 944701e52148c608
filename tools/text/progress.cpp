#include "tools/text/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace assay {

Progress::Progress(std::string what, std::size_t total, bool asked, std::string units)
    : what_(std::move(what)),
      units_(std::move(units)),
      total_(total),
      terminal_(isatty(STDERR_FILENO) == 1),
      on_(terminal_ || asked) {}

Progress::~Progress() {
  if (!on_) return;
  if (terminal_)
    fmt::print(stderr, "\r\x1b[K");
  else
    show();
}

void Progress::step() {
  ++done_;
  if (!on_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + (terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000));
  show();
}

void Progress::show() {
  fmt::print(stderr, "{}{}: {} of {} {}{}", terminal_ ? "\r" : "", what_, done_, total_, units_,
             terminal_ ? "" : "\n");
  std::fflush(stderr);
}

}  // namespace assay
