// A model of a wrong computation, and how it is held against what was seen.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tools/mechanisms/observation.hpp"

namespace assay::mechanisms {

/// What a model says of one part of an answer, number by number, and how far an answer that is computed as
/// the model says may be off. NaN as a slack: the model says nothing of that number.
struct Expected {
  std::vector<double> numbers, slack;
};

/// A mechanism with its constants.
struct Model {
  std::string mechanism;  ///< "clamped-input"
  std::string sentence;   ///< "`probability` is clamped to [1e-7, 1 - 1e-7] before anything else"
  /// Of two models that explain as much the less general is believed: 0 for one without constants of its own,
  /// more for one that was fitted to the answers.
  int generality = 0;
  /// Nothing where the model has no answer to the case. `careful`: the slack may take time; otherwise it is
  /// a few units in the last place.
  std::function<std::optional<Expected>(const Observation& seen, const Part& part, bool careful)> expected;
  /// Its own roundings may be far larger than the dtype's: where terms cancel, a library's last bit decides.
  bool rough = false;
};

/// How a model did with one part of what was seen.
struct Score {
  int matched = 0;        ///< inputs where model and truth differ visibly and the answers are the model's
  int mismatched = 0;     ///< where the answers are others, or are wrong and the model does not say so
  double model_ulps = 0;  ///< the largest distance from the model where it matched
  double truth_ulps = 0;  ///< and from the truth

  [[nodiscard]] bool explains() const { return matched >= 3 && 5 * mismatched <= matched; }
};

/// Stops early where the model is refuted.
Score score(const Model& model, const std::vector<Observation>& seen, const Part& part);

}  // namespace assay::mechanisms
