// The sets of numbers that inputs and parameters are taken from.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "losses/spec/dtype.hpp"

namespace assay {

/// The set of numbers that an input or a parameter may take. NaN is always let through as an input and never
/// as a parameter.
struct Domain {
  enum class Kind : std::uint8_t {
    interval,                ///< low..high, each end open or closed
    nonzero,                 ///< every finite number but 0
    points,                  ///< exactly `low` or `high`
    one_hot,                 ///< along the last axis one 1, else 0
    class_index,             ///< an integer in [0, C), C the extent of the axis of that name
    class_index_or_ignored,  ///< the same, or the parameter `ignore_index`
    class_index_or_end,      ///< the same, or -1: the list of a row ends there, and what follows is dropped
    length,                  ///< an integer in [0, extent of the axis `axis`]
    group,                   ///< any integer: equal ones are of one class
  };
  Kind kind = Kind::interval;
  double low = -infinity, high = infinity;
  bool low_open = false, high_open = false;
  bool infinities = false;     ///< +inf and -inf are admitted besides, where there is no end on that side
  std::string_view text = "";  ///< completes "... must be "
  char axis = 0;               ///< of a length
  std::string_view other_than = "";  ///< a whole parameter that names the one class left out
  double also = std::numeric_limits<double>::quiet_NaN();    ///< one number besides the interval
  double except = std::numeric_limits<double>::quiet_NaN();  ///< one number of the interval left out

  [[nodiscard]] constexpr bool contains(double x) const {
    if (x != x) return false;
    if (x == infinity || x == -infinity)
      return infinities && (kind != Kind::interval || (x > 0 ? high : low) == x);
    switch (kind) {
      case Kind::nonzero:
        return x != 0;
      case Kind::points:
        return x == low || x == high;
      case Kind::one_hot:
        return x == 0 || x == 1;
      case Kind::interval:
        if (x == also) return true;
        if (x == except) return false;
        return (low_open ? x > low : x >= low) && (high_open ? x < high : x <= high);
      case Kind::class_index:
      case Kind::class_index_or_ignored:
      case Kind::length:
        return x >= 0;
      case Kind::class_index_or_end:
        return x >= -1;
      case Kind::group:
        return true;
    }
    return false;
  }
  /// Whether its numbers are indices of classes, though others may be let through besides.
  [[nodiscard]] constexpr bool is_class_index() const {
    switch (kind) {
      case Kind::class_index:
      case Kind::class_index_or_ignored:
      case Kind::class_index_or_end:
        return true;
      case Kind::interval:
      case Kind::nonzero:
      case Kind::points:
      case Kind::one_hot:
      case Kind::length:
      case Kind::group:
        return false;
    }
    return false;
  }
  /// Labels: a fixed, discrete set of targets, with respect to which nothing is differentiable.
  [[nodiscard]] constexpr bool discrete() const { return kind != Kind::interval && kind != Kind::nonzero; }
};

/// As in 'assay losses --json'.
constexpr std::string_view name(Domain::Kind kind) {
  switch (kind) {
    case Domain::Kind::interval:
      return "interval";
    case Domain::Kind::nonzero:
      return "nonzero";
    case Domain::Kind::points:
      return "points";
    case Domain::Kind::one_hot:
      return "one_hot";
    case Domain::Kind::class_index:
      return "class_index";
    case Domain::Kind::class_index_or_ignored:
      return "class_index_or_ignored";
    case Domain::Kind::class_index_or_end:
      return "class_index_or_end";
    case Domain::Kind::length:
      return "length";
    case Domain::Kind::group:
      return "group";
  }
  return "";
}

namespace domain {
using enum Domain::Kind;
inline constexpr Domain finite{.text = "finite"};
inline constexpr Domain extended{.infinities = true, .text = "a number or an infinity"};
inline constexpr Domain positive{.low = 0, .low_open = true, .text = "positive and finite"};
inline constexpr Domain nonnegative{.low = 0, .text = "nonnegative and finite"};
inline constexpr Domain unit{.low = 0, .high = 1, .text = "in [0, 1]"};
inline constexpr Domain sign{.kind = points, .low = -1, .high = 1, .text = "-1 or 1"};
inline constexpr Domain one_or_two{.kind = points, .low = 1, .high = 2, .text = "1 or 2"};
inline constexpr Domain label{.kind = class_index, .text = "a class index in [0, C)"};
inline constexpr Domain label_or_end{.kind = class_index_or_end,
                                     .text = "a class index in [0, C), or -1 where the list ends"};
inline constexpr Domain any_label{.kind = group, .text = "an integer"};
inline constexpr Domain label_or_ignored{.kind = class_index_or_ignored,
                                         .text = "a class index in [0, C) or ignore_index"};
}  // namespace domain

}  // namespace assay
