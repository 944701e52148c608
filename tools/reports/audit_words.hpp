// Findings of an audit in words, as all its reports say them.
#pragma once

#include <string>

#include "tools/audit/campaign.hpp"
#include "tools/audit/summary.hpp"

namespace assay {

/// What an audit says is due: it keeps no more of it than the rounded number, or the span of a kink.
reference::Component component_of(const audit::Worst& worst);

/// "softplus f32 value, everyday: 1.7e+07 ulp (absolute), value[0], at x -20: got 0, true
/// 2.0611537e-9". The witness is the case made simple, where there is one.
std::string failure_text(const audit::Place& place, const audit::Worst& found, const audit::Shrunk* shrunk);

/// "softplus f32 IsConvex is broken: ...; asked at x 0x1p+0, then at x 0x1p+1".
std::string promise_text(const audit::PromiseKept& promise);

/// "pytorch 1.13, audited by assay 0.2.0: 12034 cases and 512340 numbers in 60 s, seed 1".
std::string headline(const audit::Campaign& campaign);

}  // namespace assay
