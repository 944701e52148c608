// How a model is made of a right answer that was spoilt.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "tools/mechanisms/model.hpp"

namespace assay::mechanisms {

/// A number of the true result and what it becomes; NaN as its slack: nobody says.
struct Spoilt {
  double number, slack;
};
/// `v` is the true number, `slack` what a sound answer may be off.
using Spoil = std::function<Spoilt(const Observation& seen, std::size_t i, double v, double slack)>;

/// The model that gives the truth, spoilt number by number.
Model spoilt_answer(std::string mechanism, std::string sentence, int generality, Spoil spoil);

/// Calls look(g, v, slack) for the first wrong numbers that are finite, as are their truths.
template <class Look>
void first_wrong(const std::vector<Observation>& seen, const Part& part, int most, const Look& look) {
  for (const Observation& each : seen) {
    const Tensor* got = numbers(each.answer, part);
    const reference::TensorTruth* truth = truth_of(each.truth, part);
    if (!got || !truth) continue;
    for (std::size_t i = 0; i < got->real.size(); ++i) {
      const double v = truth->components[i].rounded, g = got->real[i];
      if (!std::isfinite(g) || !std::isfinite(v) || !wrong(each, part, i)) continue;
      if (most-- == 0) return;
      look(each, g, v, allowance(each.question.dtype, *truth, i));
    }
  }
}

}  // namespace assay::mechanisms
