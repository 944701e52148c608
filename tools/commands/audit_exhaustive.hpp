// `assay audit --exhaustive`: every number, for the losses that are functions of one.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/audit/exhaustive.hpp"
#include "tools/reports/known_failures.hpp"
#include "tools/testees/chosen_testee.hpp"

namespace assay {

struct ExhaustiveAudit {
  Selection selection;
  audit::PatternRange range;
  Shard shard;
  audit::SweepBar bar;
  std::string resume;  ///< keeps what is done in this file, and goes on from it; empty: none
  std::vector<std::string> reports;
  bool progress = false;
  TesteeOptions testee;
  const std::atomic<bool>* stop = nullptr;
};

/// Asks, prints the statements and writes the reports; the exit code. Throws UsageError where nothing of the
/// selection can be swept, or where the file to resume is of another audit.
int audit_exhaustively(const ExhaustiveAudit& audit, KnownFailures& known);

/// Whether the file is the .json report of an exhaustive audit.
bool is_exhaustive_part(const std::string& path);
/// Joins such reports of shards, prints the statements and writes the reports; the exit code. Throws
/// UsageError where parts do not belong together, or where something is missing or in two of them.
int merge_exhaustive_parts(const std::vector<std::string>& paths, KnownFailures& known,
                           const std::vector<std::string>& reports);

}  // namespace assay
