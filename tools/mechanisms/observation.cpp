#include "tools/mechanisms/observation.hpp"

#include <cmath>
#include <utility>

#include "losses/catalogue/records.hpp"
#include "tools/search/tolerance.hpp"

namespace assay::mechanisms {

std::optional<Observation> observed(const Case& question, Answer answer) {
  if (answer.outcome != Answer::Outcome::answered) return std::nullopt;
  if (answer.value.is_integer || answer.value.shape != value_shape(question) ||
      answer.value.real.size() != static_cast<std::size_t>(product(answer.value.shape)))
    return std::nullopt;
  // A gradient that does not fit says nothing; the value may.
  std::erase_if(answer.gradient, [&](const auto& each) {
    const auto by = question.inputs.find(each.first);
    return by == question.inputs.end() || each.second.real.size() != by->second.real.size();
  });
  reference::Truth truth = reference::certify(question, {.digits = false});
  if (!truth.error.empty() || !truth.undecided.empty()) return std::nullopt;
  return Observation{question, std::move(answer), std::move(truth)};
}

std::string part_name(const Part& part) { return part.empty() ? "value" : "gradient." + part; }

Case asking(Case c, const Part& part) {
  c.wrt.clear();
  if (!part.empty()) c.wrt.push_back(part);
  return c;
}

std::vector<Part> parts(const Case& c) {
  std::vector<Part> out{""};
  out.insert(out.end(), c.wrt.begin(), c.wrt.end());
  return out;
}

const Tensor* numbers(const Answer& answer, const Part& part) {
  if (part.empty()) return &answer.value;
  const auto found = answer.gradient.find(part);
  return found == answer.gradient.end() ? nullptr : &found->second;
}

const reference::TensorTruth* truth_of(const reference::Truth& truth, const Part& part) {
  if (part.empty()) return &truth.value;
  const auto found = truth.gradient.find(part);
  return found == truth.gradient.end() ? nullptr : &found->second;
}

double allowance(Dtype dtype, const reference::TensorTruth& truth, std::size_t i) {
  const search::Tolerance stable = search::Tolerance::stable();
  return stable.always(dtype, truth.components[i].rounded) + stable.besides(dtype, truth, i, false);
}

bool alike(double g, double m, double slack) {
  if (std::isnan(g) || std::isnan(m)) return std::isnan(g) && std::isnan(m);
  if (std::isinf(g) || std::isinf(m)) return g == m;
  return std::abs(g - m) <= slack;
}

bool wrong(const Observation& seen, const Part& part, std::size_t i) {
  const Tensor* got = numbers(seen.answer, part);
  const reference::TensorTruth* truth = truth_of(seen.truth, part);
  if (!got || !truth) return false;
  const reference::Component& v = truth->components[i];
  if (!v.checked) return false;
  const double g = got->real[i], slack = allowance(seen.question.dtype, *truth, i);
  if (v.lower < v.upper && g >= v.lower && g <= v.upper) return false;
  // What is allowed may reach the end of the dtype's range.
  const double largest = format(seen.question.dtype).largest();
  if (std::isinf(g) && std::isfinite(v.rounded))
    return !(g > 0 ? v.upper + slack > largest : v.lower - slack < -largest);
  if (std::isinf(v.rounded) && std::isfinite(g)) return std::abs(g) < largest - slack;
  return !alike(g, v.rounded, slack) && !alike(g, v.lower, slack) && !alike(g, v.upper, slack);
}

bool wrong(const Observation& seen, const Part& part) {
  const Tensor* got = numbers(seen.answer, part);
  if (!got) return false;
  for (std::size_t i = 0; i < got->real.size(); ++i)
    if (wrong(seen, part, i)) return true;
  return false;
}

double units(Dtype dtype, double g, double m) {
  if (g == m || (std::isnan(g) && std::isnan(m))) return 0;
  if (!std::isfinite(g) || !std::isfinite(m)) return infinity;
  return std::abs(g - m) / search::ulp(dtype, m);
}

}  // namespace assay::mechanisms
