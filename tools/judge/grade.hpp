// The grades of the contract's section 7.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay {

/// From the best to the worst.
enum class Grade : std::uint8_t { correctly_rounded, faithful, tight, stable, absolute, inaccurate, wrong };
std::string_view name(Grade g);
/// The grade of that name, its words separated by spaces, hyphens or underscores.
std::optional<Grade> grade_named(std::string_view s);

}  // namespace assay
