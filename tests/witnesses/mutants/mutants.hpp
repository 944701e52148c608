// Plausible wrong implementations of every loss. The golden files have to tell each of them from a right one.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/witnesses/textbook/textbook.hpp"

namespace assay::tests::mutants {

struct Mutant {
  std::string loss;
  std::string fault;
  std::function<Answer(const Case&)> answer;  ///< of a valid, complete case
  bool formula = false;  ///< computed as tests/textbook/ computes: killed only where that is stable
};

/// Faults that any loss may have, in its arguments, parameters, reductions, gradients, special numbers: the
/// right answer to another question, or the right answer spoilt.
std::vector<Mutant> of_any_loss(const Record& record);

/// Faults that no short input shows: a running sum, a seam at a power of two.
std::vector<Mutant> of_long_inputs(const Record& record);

/// Wrong formulas, a line each: tests/mutants/<family>.cpp.
std::vector<Mutant> wrong_formulas();

}  // namespace assay::tests::mutants
