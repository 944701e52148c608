// An audit as data: what it was asked to do, and what came of it; a whole one, or the part that one shard
// did.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tools/audit/result.hpp"
#include "tools/audit/schedule.hpp"
#include "tools/audit/shard.hpp"
#include "tools/testees/testee.hpp"

namespace assay::audit {

/// What two parts of one audit have in common, but for the shard.
struct Task {
  std::string version;  ///< of the suite
  Implementation implementation;
  std::vector<std::string> command;  ///< TESTEE as typed; empty: the built-in kernels
  std::vector<std::string> losses;
  std::vector<std::string> dtypes;
  std::vector<std::string> regimes;  ///< empty: all
  std::string require;               ///< a grade; "declared": the records' own bounds
  std::string budget;
  std::uint64_t seed = 0;
  std::size_t cells = 0;
  std::size_t strands = 0;  ///< of all shards; 0 where seconds decide
  Shard shard;
};
/// Whether all of it is the same.
bool same(const Task& a, const Task& b);

struct Campaign {
  Task task;
  std::map<std::size_t, StrandResult> results;  ///< by strand
  std::vector<Finding> findings;                ///< about no single case
  double seconds = 0;
  bool interrupted = false;
};

Json to_json(const Task& task);
/// Throws CodecError naming the field.
Task task_from_json(const Json& value);

Json to_json(const Campaign& campaign);
Campaign campaign_from_json(const Json& value);

/// Whether these are parts of one audit: the same task but for the shard, of as many shards.
bool belong_together(const Task& a, const Task& b);

/// The shards that are missing of a campaign, and the strands of them: one line; empty where none is. A part
/// that was interrupted misses strands as well.
std::string missing(const Campaign& campaign, const std::vector<Shard>& present);

}  // namespace assay::audit
