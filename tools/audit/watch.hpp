// What an audit in progress says on standard error: how far it is, and the worst that it has found.
#pragma once

#include <chrono>
#include <string>

#include "tools/audit/result.hpp"
#include "tools/audit/schedule.hpp"

namespace assay::audit {

class Watch {
 public:
  /// Silent unless standard error is a terminal or `asked`.
  Watch(bool asked, Budget budget);
  /// Erases what it left on a terminal.
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  void saw(const StrandResult& result);

 private:
  void show();

  Budget budget_;
  bool terminal_, on_;
  std::chrono::steady_clock::time_point start_, next_;
  std::int64_t asked_ = 0, strands_ = 0, failing_ = 0, broken_ = 0;
  Regime regime_ = Regime::invalid;  // of the worst
  double height_ = 0;
  std::string worst_;
};

}  // namespace assay::audit
