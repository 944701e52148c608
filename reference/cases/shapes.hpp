// The shapes of a case's inputs against the axes of its record.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "losses/catalogue/records.hpp"
#include "reference/cases/case.hpp"

namespace assay::reference {

using Shape = std::vector<std::int64_t>;

inline constexpr std::size_t max_rank = 8;

/// The extents of a case's axes: of the leading ones, and of each letter.
struct AxisExtents {
  std::optional<Shape> leading;  ///< nothing when no present input has leading axes
  std::map<char, std::int64_t> extent;

  /// The shape of a tensor with these axes. Every letter of them must be bound.
  [[nodiscard]] Shape shape(Axes axes) const;
  /// How many classes there are; nothing where no present input has their axis.
  [[nodiscard]] std::optional<std::int64_t> classes() const;
};

/// Binds every present input. On a contradiction `error` names the input and the rule, and `axes` is
/// incomplete.
struct Binding {
  AxisExtents axes;
  std::optional<std::string> error;
};
Binding bind_axes(const Record& record, const Case& c);

/// The product of a shape whose extents are nonnegative; nothing when it does not fit.
std::optional<std::int64_t> checked_product(const Shape& shape);

/// "[2, 3]"
std::string to_text(const Shape& shape);

}  // namespace assay::reference
