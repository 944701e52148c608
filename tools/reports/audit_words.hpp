// Findings of an audit in words, as all its reports say them.
#pragma once

#include <string>

#include "tools/audit/campaign.hpp"
#include "tools/audit/summary.hpp"

namespace assay {

/// "softplus f32 value, everyday: 1.7e+07 ulp (absolute), value[0], at x -20: got 0x0p+0, true
/// 0x1.1b4865p-29". The witness is the case made simple, where there is one.
std::string failure_text(const audit::Place& place, const audit::Worst& found, const audit::Shrunk* shrunk);

/// "softplus f32 IsConvex is broken: ...; asked at x 0x1p+0, then at x 0x1p+1".
std::string promise_text(const audit::PromiseKept& promise);

/// "pytorch 1.13, audited by assay 0.1.0: 12034 cases and 512340 numbers in 60 s, seed 1".
std::string headline(const audit::Campaign& campaign);

}  // namespace assay
