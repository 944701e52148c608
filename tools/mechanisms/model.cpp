#include "tools/mechanisms/model.hpp"

#include <algorithm>
#include <cmath>

#include "tools/search/tolerance.hpp"

namespace assay::mechanisms {
namespace {

enum class Match : std::uint8_t { says_nothing, matches, contradicts };

/// Whether the model says something else of component i than the truth does, by more than roundings.
bool visible(const Observation& seen, const reference::TensorTruth& truth, std::size_t i, double m,
             double slack) {
  const reference::Component& v = truth.components[i];
  if (v.lower < v.upper && m >= v.lower && m <= v.upper) return false;
  const double apart = allowance(seen.question.dtype, truth, i) + slack;
  if (std::isinf(m) && std::isfinite(v.rounded))
    return std::abs(v.rounded) + apart < format(seen.question.dtype).largest();
  return !alike(m, v.rounded, apart) && !alike(m, v.lower, apart) && !alike(m, v.upper, apart);
}

Match held(const Expected& model, const Observation& seen, const Part& part, Score& score, bool& hopeless) {
  const Tensor& got = *numbers(seen.answer, part);
  const reference::TensorTruth& truth = *truth_of(seen.truth, part);
  const Dtype dtype = seen.question.dtype;
  Match out = Match::says_nothing;
  Score here;
  for (std::size_t i = 0; i < got.real.size(); ++i) {
    if (!truth.components[i].checked) continue;
    const double g = got.real[i], m = model.numbers[i], slack = model.slack[i];
    const bool off = wrong(seen, part, i);
    if (std::isnan(slack)) {
      if (off) return Match::contradicts;
      continue;
    }
    const bool telling = visible(seen, truth, i, m, slack);
    if (!off && !telling) continue;
    if (!alike(g, m, slack)) {
      // Other numbers than these no rounding explains.
      hopeless |= !alike(g, m, 64 * (slack + allowance(dtype, truth, i)));
      return Match::contradicts;
    }
    // Within a slack as wide as the error itself, likeness says nothing.
    const double v = truth.components[i].rounded;
    if (!telling || 8 * std::abs(g - m) > std::abs(g - v)) continue;
    out = Match::matches;
    here.model_ulps = std::max(here.model_ulps, units(dtype, g, m));
    here.truth_ulps = std::max(here.truth_ulps, units(dtype, g, truth.components[i].rounded));
  }
  if (out == Match::matches) {
    score.model_ulps = std::max(score.model_ulps, here.model_ulps);
    score.truth_ulps = std::max(score.truth_ulps, here.truth_ulps);
  }
  return out;
}

}  // namespace

Score score(const Model& model, const std::vector<Observation>& seen, const Part& part) {
  Score total;
  for (const Observation& each : seen) {
    if (!numbers(each.answer, part) || !truth_of(each.truth, part)) continue;
    Match match = Match::says_nothing;
    if (auto said = model.expected(each, part, false)) {
      bool hopeless = false;
      match = held(*said, each, part, total, hopeless);
      if (match == Match::contradicts && (model.rough || !hopeless) &&
          (said = model.expected(each, part, true)))
        match = held(*said, each, part, total, hopeless);
    } else if (wrong(each, part)) {
      match = Match::contradicts;
    }
    total.matched += match == Match::matches;
    total.mismatched += match == Match::contradicts;
    if (total.mismatched > 1 + static_cast<int>(seen.size()) / 5) break;
  }
  return total;
}

}  // namespace assay::mechanisms
