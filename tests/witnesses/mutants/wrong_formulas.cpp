#include "tests/witnesses/mutants/families.hpp"

namespace assay::tests::mutants {

std::vector<Mutant> wrong_formulas() {
  std::vector<Mutant> out;
  for (auto* family : {wrong_activations, wrong_regression, wrong_binary, wrong_classification,
                       wrong_divergences, wrong_metric, wrong_sequences})
    for (Mutant& each : family()) out.push_back(std::move(each));
  return out;
}

}  // namespace assay::tests::mutants
