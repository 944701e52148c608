// One trial a property: what promise.cpp's table is made of.
#pragma once

#include "tools/search/promise.hpp"

namespace assay::search::trials {

// One answer.
Trial nonnegative(const Promised& p, const Draw& d, Random choices);
Trial at_most(const Promised& p, const Draw& d, Random choices);
Trial unit_range(const Promised& p, const Draw& d, Random choices);
Trial zero_at_match(const Promised& p, const Draw& d, Random choices);
Trial sums_to_one(const Promised& p, const Draw& d, Random choices);
// Chords and slopes.
Trial convex(const Promised& p, const Draw& d, Random choices);
Trial concave(const Promised& p, const Draw& d, Random choices);
Trial affine(const Promised& p, const Draw& d, Random choices);
Trial lipschitz(const Promised& p, const Draw& d, Random choices);
Trial smooth(const Promised& p, const Draw& d, Random choices);
// Two questions with one answer.
Trial symmetric(const Promised& p, const Draw& d, Random choices);
Trial shift_invariant(const Promised& p, const Draw& d, Random choices);
Trial scale_invariant(const Promised& p, const Draw& d, Random choices);
Trial homogeneous(const Promised& p, const Draw& d, Random choices);
Trial translation_invariant(const Promised& p, const Draw& d, Random choices);
Trial rotation_invariant(const Promised& p, const Draw& d, Random choices);
Trial permutation_invariant(const Promised& p, const Draw& d, Random choices);
Trial repetition_invariant(const Promised& p, const Draw& d, Random choices);
Trial order_of_rows(const Promised& p, const Draw& d, Random choices);

/// A trial in which the values of b are those of a, reordered or multiplied by `expected`, but for what
/// either answer may be off; `bounds` of these together.
Trial same_values(const Promised& p, Case a, Case b,
                  std::function<std::vector<double>(std::vector<double>)> expected, double bounds);
/// In one trial the values of b are those of a times `factor`.
Trial same_values(const Promised& p, Case a, Case b, double factor = 1);

}  // namespace assay::search::trials
