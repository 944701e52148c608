// An audit, run: strands on one testee or on several side by side.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>

#include "tools/audit/campaign.hpp"
#include "tools/audit/strand.hpp"

namespace assay::audit {

struct RunOptions {
  Selection selection;
  std::vector<Regime> regimes{};  ///< empty: all
  Budget budget;
  std::uint64_t seed = 1;
  Grade required = Grade::stable;
  bool declared = false;  ///< the records' own bounds instead
  Shard shard{};
  int jobs = 1;                     ///< testees side by side, each with a thread
  std::size_t at_once = 32;         ///< strands in a testee's conversation
  std::filesystem::path journal{};  ///< empty: none is kept
  std::vector<std::string> command{};
  bool progress = false;
  const std::atomic<bool>* stop = nullptr;  ///< set from outside: strands that are not over are given up
};

/// Throws TesteeError where no handshake succeeds, and what Journal throws; then what was found is in the
/// journal.
Campaign run(const RunOptions& options, const std::function<std::unique_ptr<Testee>()>& new_testee);

}  // namespace assay::audit
