// What an audit has found so far, on disk while it runs: the task, then a line a strand. A run that was
// killed goes on from there.
#pragma once

#include <filesystem>
#include <mutex>

#include "tools/audit/campaign.hpp"

namespace assay::audit {

class Journal {
 public:
  /// Nothing is kept.
  Journal() = default;
  /// Begins the file where it is absent; else reads it, less a last line that was cut short. Throws
  /// UsageError where it is of another task, and says in what; CodecError for a line that is none; FileError.
  Journal(std::filesystem::path path, const Task& task);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  [[nodiscard]] const std::map<std::size_t, StrandResult>& results() const { return results_; }
  /// That the strands read so far took, all in all.
  [[nodiscard]] double seconds() const { return seconds_; }

  /// Appends a line; whole, or the error is thrown: FileError. From any thread.
  void add(const StrandResult& result, double seconds_so_far);

 private:
  void append(const std::string& line);

  std::filesystem::path path_;
  int file_ = -1;
  std::mutex mutex_;
  std::map<std::size_t, StrandResult> results_;
  double seconds_ = 0;
};

}  // namespace assay::audit
