#include "tools/mechanisms/explanation.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "tools/mechanisms/table.hpp"

namespace assay::mechanisms {
namespace {

bool better(const Explanation& a, const Explanation& b) {
  if (a.score.mismatched != b.score.mismatched) return a.score.mismatched < b.score.mismatched;
  if (a.score.matched != b.score.matched) return a.score.matched > b.score.matched;
  return a.model.generality < b.model.generality;
}

}  // namespace

std::optional<Question> question(const Observation& witness, std::vector<Observation> fresh) {
  Question out;
  const auto wrong_value = [](const Observation& each) { return wrong(each, ""); };
  if (std::ranges::none_of(parts(witness.question), [&](const Part& part) { return wrong(witness, part); }))
    return std::nullopt;
  const Observation* first = &witness;
  // A witness whose gradient alone is wrong may be of a testee whose values are wrong elsewhere: then these
  // are to be explained, not what their derivatives come to.
  constexpr std::ptrdiff_t several = 3;
  if (!wrong_value(witness) && std::ranges::count_if(fresh, wrong_value) >= several)
    first = &*std::ranges::find_if(fresh, wrong_value);
  for (const Part& part : parts(witness.question))
    if (wrong(*first, part)) {
      out.part = part;
      out.value_is_right = !part.empty();
      out.with_witness.push_back(*first);
      out.with_witness.insert(out.with_witness.end(), fresh.begin(), fresh.end());
      out.fresh = std::move(fresh);
      return out;
    }
  return std::nullopt;
}

std::vector<Explanation> explanations(const Question& question) {
  std::vector<Model> models;
  for (const Mechanism& each : mechanisms()) each.propose(question.with_witness, question.part, models);
  const std::vector<Observation> at_home{question.with_witness.front()};
  std::vector<Explanation> out;
  for (Model& model : models) {
    if (score(model, at_home, question.part).mismatched != 0) continue;
    const Score s = score(model, question.fresh, question.part);
    if (s.explains()) out.push_back({std::move(model), s});
  }
  std::ranges::stable_sort(out, better);
  return out;
}

bool rivalled(const std::vector<Explanation>& all) {
  return std::ranges::any_of(all, [&](const Explanation& other) {
    const Explanation& best = all.front();
    return other.model.mechanism != best.model.mechanism && !better(best, other);
  });
}

bool disagree(const Model& a, const Model& b, const Observation& input, const Part& part) {
  const auto first = a.expected(input, part, true), second = b.expected(input, part, true);
  if (!first || !second) return false;
  for (std::size_t i = 0; i < first->numbers.size() && i < second->numbers.size(); ++i) {
    const double slack = 2 * (first->slack[i] + second->slack[i]);
    if (!std::isnan(slack) && !alike(first->numbers[i], second->numbers[i], slack)) return true;
  }
  return false;
}

}  // namespace assay::mechanisms
