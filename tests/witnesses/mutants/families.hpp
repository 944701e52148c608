// The files of wrong formulas, one a family.
#pragma once

#include "tests/witnesses/mutants/mutants.hpp"

namespace assay::tests::mutants {

std::vector<Mutant> wrong_activations();
std::vector<Mutant> wrong_regression();
std::vector<Mutant> wrong_binary();
std::vector<Mutant> wrong_classification();
std::vector<Mutant> wrong_divergences();
std::vector<Mutant> wrong_metric();
std::vector<Mutant> wrong_sequences();

}  // namespace assay::tests::mutants
