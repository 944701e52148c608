// What several losses of classes do to logits and probabilities.
#pragma once

#include <cstddef>

#include "reference/graph/row.hpp"

namespace assay::reference {

/// A class's share of a softmax, and that of all others together.
struct Shares {
  Real own, others;
};
Shares softmax_shares(const Vector& logits, std::size_t label);

/// The nearest number in [1e-7, 1 - 1e-7], both in the case's dtype: Keras clips probabilities so.
Real clipped(const Row& in, Real probability);
/// The nearest in [e, 1 - e], e the dtype's machine epsilon: scikit-learn does so.
Real clipped_at_epsilon(const Row& in, Real probability);

}  // namespace assay::reference
