// The table of mechanisms. A row is a name and what proposes models: all that need no constant, and those
// whose constants the answers give away. The next mechanism is a row of the file of its family, with a few
// lines that say what it does to a case, to an answer, or to the graph of a formula.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "tools/mechanisms/model.hpp"

namespace assay::mechanisms {

struct Mechanism {
  std::string_view name;   ///< in lower case with hyphens
  std::string_view about;  ///< what is wrong, in a few words
  /// Adds what might explain this part of what was seen. The first is the witness.
  void (*propose)(const std::vector<Observation>& seen, const Part& part, std::vector<Model>& models);
};

/// The right answer to another question.
std::span<const Mechanism> misreadings();
/// The same, of numbers held within bounds.
std::span<const Mechanism> clamped_questions();
/// The right answer, spoilt.
std::span<const Mechanism> spoilings();
/// The same, by a factor.
std::span<const Mechanism> multiplied_answers();
/// The formula in the arithmetic of the dtype, as it stands or rewritten.
std::span<const Mechanism> computations();
/// The formula with a constant put in.
std::span<const Mechanism> insertions();
/// A sound formula, rounded on the way.
std::span<const Mechanism> roundings();

/// All of them.
std::vector<Mechanism> mechanisms();

}  // namespace assay::mechanisms
