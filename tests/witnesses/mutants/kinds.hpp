// What is wrong with a mutant, by the name that the table of mechanisms has for it.
#pragma once

#include <set>
#include <string>

#include "tests/witnesses/mutants/mutants.hpp"

namespace assay::tests::mutants {

/// The names that are right for it, of which one is enough; none where the table has none: a formula that is
/// another loss's, or nobody's.
std::set<std::string> kinds(const Mutant& mutant);

}  // namespace assay::tests::mutants
