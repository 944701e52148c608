#include "tools/audit/watch.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

namespace assay::audit {
namespace {

std::string size_of(double ulps) {
  return std::isfinite(ulps) ? fmt::format("{:.3g} ulp", ulps) : "not comparable";
}

}  // namespace

Watch::Watch(bool asked, Budget budget)
    : budget_(budget),
      terminal_(isatty(STDERR_FILENO) == 1),
      on_(terminal_ || asked),
      start_(std::chrono::steady_clock::now()),
      next_(start_) {}

Watch::~Watch() {
  if (on_ && terminal_) fmt::print(stderr, "\r\x1b[K");
}

void Watch::saw(const StrandResult& result) {
  asked_ += result.asked;
  ++strands_;
  if (result.trials && !result.trials->why.empty()) ++broken_;
  bool fails = false;
  for (const Worst& each : result.worst) {
    fails = fails || !each.conforms;
    // The most ordinary failure is what a person wants to hear of first.
    if (each.conforms || each.regime > regime_ || (each.regime == regime_ && !(each.height > height_)))
      continue;
    regime_ = each.regime;
    height_ = each.height;
    worst_ = fmt::format("{} {} {}, {}: {}", result.loss, result.dtype, result.output, name(each.regime),
                         size_of(each.ulps));
  }
  failing_ += fails;
  if (!on_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now < next_) return;
  next_ = now + (terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(5000));
  show();
}

void Watch::show() {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  fmt::print(stderr, "{}audit: {:.0f} s of {}, {} cases, {} of {} strands fail{}{}{}{}",
             terminal_ ? "\r" : "", seconds, text(budget_), asked_, failing_, strands_,
             broken_ > 0 ? fmt::format(", {} promises broken", broken_) : "",
             worst_.empty() ? "" : "; worst: ", worst_, terminal_ ? "\x1b[K" : "\n");
  std::fflush(stderr);
}

}  // namespace assay::audit
