// Which part of a campaign this process does, told by whoever started it or by the scheduler that did.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace assay {

/// The strands whose number, counted from 0, leaves index - 1 when divided by count: every count-th.
struct Shard {
  int index = 1, count = 1;

  [[nodiscard]] bool takes(std::size_t strand) const {
    return strand % static_cast<std::size_t>(count) == static_cast<std::size_t>(index - 1);
  }
  friend bool operator==(const Shard&, const Shard&) = default;
};

/// "3/10"
std::string shard_text(const Shard& shard);

/// A variable of the environment, or nothing where it is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;
Environment process_environment();

/// `I/N`, I from 1; or `auto`, or `auto/N` where the scheduler tells no count. Nothing but `auto` reads the
/// environment. It knows, in this order, Slurm's job arrays (SLURM_ARRAY_TASK_ID, _COUNT, _MIN, _MAX, _STEP),
/// Kubernetes' indexed jobs (JOB_COMPLETION_INDEX, with JOB_COMPLETIONS where the manifest sets it),
/// GoogleTest's shards (GTEST_SHARD_INDEX, GTEST_TOTAL_SHARDS) and Open MPI's ranks (OMPI_COMM_WORLD_RANK,
/// _SIZE). Throws UsageError, one line.
Shard shard_from(std::string_view text, const Environment& environment);

}  // namespace assay
