// What a formula gives back.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reference/graph/real.hpp"

namespace assay::reference {

/// What a formula says of one row.
struct Term {
  Term(Real only) : value{only} {}  // NOLINT: most formulas return a number
  Term(Real only, Real intrinsic) : value{only}, scale(intrinsic) {}
  explicit Term(Vector several) : value(std::move(several)) {}

  Vector value;                ///< one number, or a row of them
  Real scale = Real::at(-1);   ///< the intrinsic scale S; the record's constant where none is given
  Real weight = Real::at(-1);  ///< what the row counts in a mean's divisor; 1 where none is given
  /// What a mean divides the value by before it sums; nothing where none is given.
  Real divisor_in_mean = Real::at(-1);
  /// The value is +inf and stays so around these numbers: the gradient by them is not checked.
  Vector infinite_around;
  /// The sensitivity of a component of the gradient is never less than the component times this.
  Real gradient_sensitivity_factor = Real::at(-1);
  /// A lower bound for the sensitivity of the gradient, number by number of the differentiated row, given
  /// what each value is multiplied with; empty for almost every loss.
  Vector (*gradient_sensitivity_floor)(const Vector& value, const Vector& seed) = nullptr;
  /// A convention's own idea of the gradient, input by input, of a loss with one number a row.
  std::map<std::string, Real, std::less<>> convention_gradient;
  /// What a convention adds to the derivative by a number.
  std::vector<std::pair<Real, Real>> added_gradient;

  static Term dropped();  ///< an ignored row: 0, and not counted
};

}  // namespace assay::reference
