// What the axes strings of a record mean for the inputs of a case.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "losses/catalogue/catalogue.hpp"
#include "reference/cases/case.hpp"

namespace assay::reference {

using Shape = std::vector<std::int64_t>;

inline constexpr std::size_t max_rank = 8;

/// The axes of a case: what '.' stands for, and the extent of each letter.
struct Axes {
  std::optional<Shape> leading;  ///< nothing when no present input has a '.'
  std::map<char, std::int64_t> extent;

  /// The shape that an axes string describes. Every letter of it must be bound.
  [[nodiscard]] Shape shape(std::string_view axes) const;
};

/// Binds every present input. On a contradiction `error` names the input and the rule, and `axes` is
/// incomplete.
struct Binding {
  Axes axes;
  std::optional<std::string> error;
};
Binding bind_axes(const Record& record, const Case& c);

/// The product of a shape whose extents are nonnegative; nothing when it does not fit.
std::optional<std::int64_t> checked_product(const Shape& shape);

/// "[2, 3]"
std::string to_text(const Shape& shape);

}  // namespace assay::reference
