// How far a long run is, on standard error: one line that rewrites itself on a terminal, a line now and then
// elsewhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace assay {

class Progress {
 public:
  /// Silent unless standard error is a terminal or `asked`. `units` are what is counted.
  Progress(std::string what, std::size_t total, bool asked, std::string units = "cases");
  /// Erases what it left on a terminal.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void step();

 private:
  void show();

  std::string what_, units_;
  std::size_t done_ = 0, total_;
  bool terminal_, on_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace assay
