// How far the sweeps of one testee are: which blocks of numbers are done, and what was found in them. A part
// of a campaign is a file; parts of one campaign merge.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/audit/shard.hpp"
#include "tools/audit/sweep_plan.hpp"
#include "tools/audit/sweep_tally.hpp"
#include "tools/testees/testee.hpp"
#include "tools/text/json.hpp"

namespace assay::audit {

/// So many bit patterns that follow each other are a block, done or not as one.
inline constexpr std::uint64_t block_patterns = 1 << 16;

/// The bit patterns that a campaign is about, both ends included; past a dtype's last there is none.
struct PatternRange {
  std::uint64_t from = 0, to = 0xffffffff;

  friend bool operator==(const PatternRange&, const PatternRange&) = default;
};

struct SweepState {
  SweepPlan plan;          ///< `one.wrt` is empty where the testee offers no gradient
  std::vector<bool> done;  ///< of each block of the dtype
  SweepTally value, gradient;
};

struct SweepCampaign {
  Implementation testee;
  PatternRange range;
  Shard shard;  ///< of all blocks of all sweeps, every count-th
  std::vector<SweepState> sweeps;
  std::vector<Finding> findings;

  /// Whether a block of a sweep is this shard's and has patterns of the range.
  [[nodiscard]] bool takes(std::size_t sweep, std::size_t block) const;
  /// Blocks that this shard takes, and those of them that are done.
  [[nodiscard]] std::uint64_t blocks() const;
  [[nodiscard]] std::uint64_t blocks_done() const;
};

/// Nothing done yet. Sweeps that the testee does not offer are left out.
SweepCampaign new_campaign(const std::vector<SweepPlan>& plans, const Handshake& handshake,
                           const PatternRange& range, const Shard& shard);

Json to_json(const SweepCampaign& campaign);
/// Throws UsageError: what of the text is no part of a campaign.
SweepCampaign campaign_from(const Json& json);

/// The part's blocks and findings, which may come from any shard of the same campaign: `into` is the whole
/// then. Throws UsageError where the two are not about the same, or where a block is in both.
void merge(SweepCampaign& into, const SweepCampaign& part);
/// The blocks of the range that no part holds, sweep by sweep: "softplus f32: 12 blocks, from 0x3f800000";
/// empty where the campaign is complete.
std::vector<std::string> missing(const SweepCampaign& campaign);

}  // namespace assay::audit
