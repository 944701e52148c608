// A recorded formula in the arithmetic of a dtype: each operation rounded to it, infinities and NaN as IEEE
// 754 has them, nothing certified. What an implementation does that computes the formula as it is written.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "losses/spec/dtype.hpp"
#include "reference/graph/real.hpp"

namespace assay::mechanisms {

/// How an implementation computes that writes the formula so.
struct Habits {
  bool log1p = false;         ///< log(1 + x) and log(1 - x) are log1p
  bool drops_zeros = true;    ///< a coefficient of 0 drops what it weighs, infinite or NaN
  bool careful_norm = false;  ///< a norm neither overflows nor vanishes in its squares
  bool shares_ties = true;    ///< else the first of tied maxima takes all
  /// Of transcendental functions, in units in the last place: up, down, or by turns. What two libraries may
  /// differ by; to see how much that matters.
  enum class Nudge : std::uint8_t { none, up, down, by_turns } nudge = Nudge::none;
  bool nudges_everything = false;  ///< sums, products and quotients too
  /// The operands of the subtraction or addition that ends a formula are rounded to this dtype first.
  std::optional<Dtype> rounds_before_last{};
  std::map<std::int32_t, long double> given{};  ///< nodes that are known better: their values
};

/// Every node that the roots need, evaluated in the dtype; 0 elsewhere.
std::vector<double> in_dtype(Dtype dtype, const reference::Graph& graph, std::span<const std::int32_t> roots,
                             const Habits& habits);

/// The same to some 60 digits, without overflow or underflow, each node then rounded to a long double, whose
/// range is wider than that of any dtype where there is such a one.
std::vector<long double> in_many_digits(const reference::Graph& graph, std::span<const std::int32_t> roots,
                                        const Habits& habits);
}  // namespace assay::mechanisms
