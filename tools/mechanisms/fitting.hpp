// Constants found from answers: where a model meets an answer, and which number a person would have written.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace assay::mechanisms {

/// A c in [low, high], both positive, where `above(c)`, a difference that changes its sign once, is 0: by
/// its exponents first, then by halving. Nothing where it does not change its sign.
std::optional<double> crossing(double low, double high, const std::function<double(double)>& above);

/// The numbers that somebody may have written for c, the likeliest first: one or two decimal digits, a power
/// of two; c itself comes last.
std::vector<double> written(double c);

/// "1e-07", "0.5", "2^-23".
std::string constant_text(double c);

}  // namespace assay::mechanisms
