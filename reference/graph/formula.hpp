// All that a formula needs: what it sees of a case (row.hpp), what it computes with (real.hpp), and what it
// gives back (term.hpp). One formula a loss, in <loss>.cpp:
//
//   template <> Term formula<Huber>(const Row& in) { ... return {value}; }
//
// A loss of the catalogue without its formula fails to link, by name.
#pragma once

#include <string_view>

#include "losses/catalogue/catalogue.hpp"
#include "reference/graph/probabilities.hpp"
#include "reference/graph/real.hpp"
#include "reference/graph/row.hpp"
#include "reference/graph/term.hpp"

namespace assay::reference {

template <class Loss>
Term formula(const Row& in);

/// A named deviation of the loss (Facts::conventions), for losses that have any.
template <class Loss>
Term conventional(std::string_view name, const Row& in);

}  // namespace assay::reference
