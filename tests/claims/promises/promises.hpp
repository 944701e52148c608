// What a promise is tested with: the record that makes it, the one that is asked, draws that it is about.
#pragma once

#include <rapidcheck.h>

#include <functional>
#include <string>
#include <vector>

#include "losses/catalogue/catalogue.hpp"
#include "tests/claims/answers.hpp"

namespace assay::tests {

using Ask = std::function<Answer(const Case&)>;

struct Promised {
  const Record& record;
  const Promise& promise;
  Dtype dtype;
  Ask ask;
  Accuracy accuracy;  ///< of each number that is asked for

  [[nodiscard]] Answer answer(const Case& c) const;
  [[nodiscard]] std::vector<double> values(const Case& c) const { return answer(c).value.real; }
  /// How far an answer may lie from the exact result, sensitivity aside, and what that adds at most.
  [[nodiscard]] double error(double answered) const { return accuracy.ulp * ulp(dtype, answered); }
  [[nodiscard]] double excuse(const Case& c, std::size_t component) const;
};

/// The names of a comma-separated list.
std::vector<std::string> names(std::string_view list);
/// A real or whole parameter, or a flag, as a number.
double number(const Case& c, std::string_view parameter);

/// An admissible case, complete and unreduced, in which whatever else the promise asks for is so.
Case drawn(const Promised& p);

/// A number of a grid on which sums, halves and shifts are exact: m/64 times a power of two, or m/512 in [0,
/// 1].
double on_grid(const Domain& domain, double scale);
/// A power of two between 1/16 and 16.
double grid_scale();
/// The same draw with every continuous input moved onto the grid.
Case drawn_on_grid(const Promised& p);

/// The values of b are those of a times `factor`, but for what either answer may be off.
void expect_same(const Promised& p, const Case& a, const Case& b, double factor = 1);
/// Numbers that are equal but for their errors, `bounds` of them together.
void expect_same(const Promised& p, const Case& a, const std::vector<double>& of_a, const Case& b,
                 const std::vector<double>& of_b, double bounds = 2);

// Values.
void is_nonnegative(const Promised& p);
void is_at_most(const Promised& p);
void is_in_unit_range(const Promised& p);
void is_zero_at_match(const Promised& p);
void sums_to_one(const Promised& p);
// Chords and slopes.
void is_convex(const Promised& p);
void is_concave(const Promised& p);
void is_affine(const Promised& p);
void is_lipschitz(const Promised& p);
void is_smooth(const Promised& p);
// Questions with one answer.
void is_symmetric(const Promised& p);
void is_shift_invariant(const Promised& p);
void is_scale_invariant(const Promised& p);
void is_homogeneous(const Promised& p);
void is_translation_invariant(const Promised& p);
void is_rotation_invariant(const Promised& p);
void is_permutation_invariant(const Promised& p);
void is_repetition_invariant(const Promised& p);
/// Of every loss, promised or not.
void sees_no_order_of_rows(const Promised& p);

}  // namespace assay::tests
