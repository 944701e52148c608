// What a person needs to know of a case before worrying about an error there (contract, section 4).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "reference/truth/truth.hpp"

namespace assay {

/// From the most ordinary to the least.
enum class Regime : std::uint8_t { everyday, tail, extreme, degenerate, special, invalid };
inline constexpr std::array regimes{Regime::everyday,   Regime::tail,    Regime::extreme,
                                    Regime::degenerate, Regime::special, Regime::invalid};

std::string_view name(Regime regime);
std::optional<Regime> regime_named(std::string_view name);

/// Mechanical: from the case and its truth, the gradients of which are those that `wrt` names.
Regime regime_of(const Case& question, const reference::Truth& truth);

/// What the case alone decides, whoever its truth may be: `everyday` where that is left to the truth.
Regime regime_of_inputs(const Case& question);

/// Beyond the sizes of ordinary numbers of the dtype, 2^-30..2^20: such a number makes a case `extreme`.
bool is_far(double x, Dtype dtype);

}  // namespace assay
