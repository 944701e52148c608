// A testee asked about every number that a dtype has, for the losses that are functions of one number, and
// what can be stated then.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "tools/audit/sweep_campaign.hpp"
#include "tools/judge/grade.hpp"

namespace assay::audit {

/// What is true of one output of one sweep, as far as it is done.
struct SweepStatement {
  std::string loss;
  Dtype dtype = Dtype::f32;
  std::string output;  ///< "value", "gradient.x"
  std::string held;    ///< "target 1"; empty where the loss has one input alone
  bool all = false;    ///< every number of the dtype that lies in the input's domain was asked
  std::uint64_t inputs = 0, correctly_rounded = 0, faithful = 0, beyond = 0;
  std::uint64_t undecided = 0, unanswered = 0;
  double worst_ulps = 0;  ///< against the unrounded truth; of inputs alike to a millionth of an ulp the first
  double worst_input = 0;      ///< the number
  double got = 0;              ///< what came back there
  reference::Component truth;  ///< what is true there
  /// The worst grade among the worst inputs of each binade, and whether they all conform.
  Grade grade = Grade::correctly_rounded;
  bool conforms = true;
  Case question;  ///< of the worst input alone

  /// The worst input of one binade: of one sign and exponent.
  struct Binade {
    double input = 0, got = 0, ulps = 0;
    Grade grade = Grade::correctly_rounded;
  };
  std::vector<Binade> binades;  ///< by bit pattern: from 0 up, infinity and NaN, then from -0 down
};

/// What answers are held to.
struct SweepBar {
  Grade required = Grade::stable;
  bool declared = false;  ///< the records' own bounds instead
};

/// Of every output of every sweep of which something is done. Certifies each binade's worst input.
std::vector<SweepStatement> statements(const SweepCampaign& campaign, const SweepBar& bar = {});

/// "softplus f32 value: all 4,294,967,296 inputs: worst 0.50002 ulp at x = 0x1.8p-3; correctly rounded
/// 99.9998 %, faithful 0.0002 %"
std::string text(const SweepStatement& statement);
Json to_json(const SweepStatement& statement);

struct ExhaustiveOptions {
  /// Called after each block, now and then: a chance to save the campaign. On one thread at a time.
  std::function<void(const SweepCampaign&)> save;
  double save_seconds = 30;
  const std::atomic<bool>* stop = nullptr;  ///< set from outside: no further question is asked
  bool progress = false;  ///< say on standard error how far it is, also where that is no terminal
};

/// Asks for the blocks of the campaign's shard that are not done, each testee on a thread of its own, until
/// all are or no testee is left. What a testee skips, refuses or dies of is a finding, once a sweep and kind;
/// blocks that were never reached stay to be done. What `save` or a testee throws is thrown here, in the end.
void run_exhaustively(SweepCampaign& campaign, std::span<Testee* const> testees,
                      const ExhaustiveOptions& options);

}  // namespace assay::audit
