// The models that explain what was seen, the one to be believed first.
#pragma once

#include <optional>
#include <vector>

#include "tools/mechanisms/model.hpp"

namespace assay::mechanisms {

/// A model and how it did on what it was not made from.
struct Explanation {
  Model model;
  Score score;
};

/// What there is to explain: one part of the answers, a witness that has it wrong, and fresh inputs.
struct Question {
  Part part;
  std::vector<Observation> with_witness;  ///< the witness first: what constants are fitted to
  std::vector<Observation> fresh;
  bool value_is_right = true;  ///< the part is a gradient, and the values are right
};

/// The value where it is wrong, of the witness or of several fresh inputs; else the witness's first gradient
/// that is. Nothing where nothing is wrong.
std::optional<Question> question(const Observation& witness, std::vector<Observation> fresh);

/// Sorted: who contradicts least, then who matches most, then who is less general.
std::vector<Explanation> explanations(const Question& question);

/// Whether another mechanism does as well as the first and is no more general.
bool rivalled(const std::vector<Explanation>& all);

/// Whether two models say different things of this input, beyond what answers by them may be off. Its answer
/// is not looked at.
bool disagree(const Model& a, const Model& b, const Observation& input, const Part& part);

}  // namespace assay::mechanisms
