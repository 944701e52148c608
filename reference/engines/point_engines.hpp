// What an engine other than the balls says of a node.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "reference/graph/operations/point_step.hpp"
#include "reference/graph/real.hpp"

namespace assay::reference {

struct Point {
  PointState state;
  std::string text;  ///< of a number: a decimal, or "numerator/denominator"
};

inline constexpr int point_digits = 800;  ///< 2657 bits: a difference of any two f64 numbers is exact

std::vector<Point> mpfr_points(const Graph& graph, std::span<const std::int32_t> roots);
std::vector<Point> binary_points(const Graph& graph, std::span<const std::int32_t> roots);
/// Only for graphs without transcendental functions and roots below the given nodes; see is_rational.
std::vector<Point> rational_points(const Graph& graph, std::span<const std::int32_t> roots);

/// Whether everything below the roots is a fraction of fractions.
bool is_rational(const Graph& graph, std::span<const std::int32_t> roots);

}  // namespace assay::reference
