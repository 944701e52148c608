// The tensors that a loss is a function of: names, axes, domains.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "losses/spec/axes.hpp"
#include "losses/spec/bounded_list.hpp"
#include "losses/spec/domain.hpp"

namespace assay {

/// Where an input's relative error is measured from (the sensitivity A of the contract, section 7).
enum class Origin : std::uint8_t {
  zero,         ///< |x|
  partner,      ///< |x - partner|: the formula meets x only in that difference, counted here
  counted,      ///< the other side of such a difference: counted there, 0 here
  row_maximum,  ///< |x - max of its row|
  nearer_end,   ///< min(x, 1 - x)
};
/// As in 'assay losses --json'.
constexpr std::string_view name(Origin origin) {
  switch (origin) {
    case Origin::zero:
      return "zero";
    case Origin::partner:
      return "partner";
    case Origin::counted:
      return "counted";
    case Origin::row_maximum:
      return "row_maximum";
    case Origin::nearer_end:
      return "nearer_end";
  }
  return "";
}

/// One input tensor and the axes of its shape.
struct Input {
  std::string_view name;
  Axes axes;
  Domain domain;
  Origin origin = Origin::zero;
  std::string_view partner = "";
  std::string_view about = "";
  bool optional = false;
  bool integer = false;
  bool constant = false;  ///< nothing is differentiated with respect to it
  /// The input that says how far this one counts along the axis that its lengths are of; the rest is dropped.
  std::string_view lengths = "";

  [[nodiscard]] constexpr bool differentiable() const { return !integer && !constant && !domain.discrete(); }
};

inline constexpr std::size_t max_inputs = 4;
using Inputs = BoundedList<Input, max_inputs>;

/// What an input is instead while a parameter lies in low..high; a flag counts as 0 or 1. The input's own
/// entry says what it is under the defaults.
struct Instead {
  std::string_view input, parameter;
  double low, high;
  Domain domain;
  bool constant = false;
};

}  // namespace assay
