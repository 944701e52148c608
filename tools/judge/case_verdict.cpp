// All numbers of an answer, each against the truth or against what a declared convention makes of it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tools/judge/judge.hpp"

namespace assay {
namespace {

/// A convention's numbers for one tensor: as good as the truth, or, where the question is whether an answer
/// follows the convention, in its place.
struct Alternative {
  std::string_view convention;
  const Tensor* numbers = nullptr;
  bool alone = false;
};

/// What one tensor of an answer is held against.
struct Comparison {
  std::string where;  ///< "value", "gradient.logits"
  const Tensor* got = nullptr;
  const reference::TensorTruth* truth = nullptr;
  std::vector<Alternative> alternatives{};
};

std::string fault(const Comparison& c) {
  if (!c.got) return fmt::format("{} is missing", c.where);
  if (c.got->shape != c.truth->shape)
    return fmt::format("{} has shape [{}], should be [{}]", c.where, fmt::join(c.got->shape, ", "),
                       fmt::join(c.truth->shape, ", "));
  if (c.got->is_integer || c.got->real.size() != c.truth->components.size())
    return fmt::format("{} has {} real numbers, should have {}", c.where, c.got->real.size(),
                       c.truth->components.size());
  return "";
}

std::vector<Comparison> comparisons(const Case& question, const reference::Truth& truth,
                                    const Answer& answer) {
  std::vector<Comparison> all{{"value", &answer.value, &truth.value}};
  for (const std::string& name : question.wrt) {
    const auto expected = truth.gradient.find(name);
    if (expected == truth.gradient.end()) continue;
    const auto got = answer.gradient.find(name);
    all.push_back(
        {"gradient." + name, got == answer.gradient.end() ? nullptr : &got->second, &expected->second});
  }
  return all;
}

/// The convention's numbers beside the truth or, `alone`, in its place, where their shape is the truth's.
void admit(const ConventionalAnswer& convention, std::vector<Comparison>& all, bool alone = false) {
  for (Comparison& c : all) {
    const Tensor* numbers = &convention.value;
    if (c.where != "value") {
      const auto found = convention.gradient.find(c.where.substr(std::string_view("gradient.").size()));
      if (found == convention.gradient.end()) continue;
      numbers = &found->second;
    }
    if (numbers->shape == c.truth->shape && numbers->real.size() == c.truth->components.size())
      c.alternatives.push_back({convention.name, numbers, alone});
  }
}

bool worse(const ComponentVerdict& a, const ComponentVerdict& b) {
  return a.grade != b.grade ? a.grade > b.grade : a.ulps > b.ulps;
}

/// One component's verdict, and from where it is measured.
struct Measured {
  ComponentVerdict verdict;
  std::optional<reference::Component> expected{};  ///< instead of the truth
  std::string_view from{};
};

/// `plain` is the verdict against the truth alone.
Measured measure(const Comparison& c, std::size_t i, Dtype dtype, const ComponentVerdict& plain) {
  Measured out{plain};
  for (const Alternative& each : c.alternatives) {
    auto expected = by_convention(c.truth->components[i], each.numbers->real[i]);
    if (!expected) continue;
    const ComponentVerdict verdict = judge_rounded(c.got->real[i], *expected, dtype);
    const bool nearer =
        out.expected ? worse(out.verdict, verdict) : each.alone || verdict.grade <= plain.grade;
    if (nearer) out = {verdict, std::move(expected), each.convention};
  }
  return out;
}

/// The worst component, and the conventions that components are better for.
struct Sum {
  CaseVerdict verdict;
  std::vector<std::pair<std::string_view, Grade>> leaned_on;  ///< with the grade that it spared a component
};

Sum judge_all(const std::vector<Comparison>& all, Dtype dtype, const ComponentVisitor& visitor) {
  Sum sum;
  CaseVerdict& verdict = sum.verdict;
  for (const Comparison& c : all) {
    ComponentVerdict& part = c.truth == all.front().truth ? verdict.value : verdict.gradient;
    for (std::size_t i = 0; i < c.truth->components.size(); ++i) {
      const reference::Component& truth = c.truth->components[i];
      const ComponentVerdict plain = judge(c.got->real[i], truth, dtype);
      const Measured each = measure(c, i, dtype, plain);
      const reference::Component& expected = each.expected ? *each.expected : truth;
      if (visitor) visitor({c.where, *c.truth, i, c.got->real[i], expected, each.from, each.verdict});
      if (worse(each.verdict, part)) part = each.verdict;
      if (each.verdict.grade < plain.grade) sum.leaned_on.emplace_back(each.from, plain.grade);
      if (!verdict.where.empty() && !worse(each.verdict, {verdict.grade, verdict.ulps})) continue;
      verdict.grade = each.verdict.grade;
      verdict.ulps = each.verdict.ulps;
      verdict.where = c.truth->shape.empty() ? c.where : fmt::format("{}[{}]", c.where, i);
      verdict.got = c.got->real[i];
      verdict.truth = expected;
      verdict.measured_from = each.from;
    }
  }
  return sum;
}

/// The declared conventions without which the answer's grade were worse.
std::string followed(const Sum& sum) {
  std::vector<std::string_view> names;
  for (const auto& [name, spared] : sum.leaned_on)
    if (spared > std::max(sum.verdict.grade, Grade::stable) && std::ranges::find(names, name) == names.end())
      names.push_back(name);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::optional<reference::Component> by_convention(const reference::Component& truth, double number) {
  const bool same = number == truth.rounded || (std::isnan(number) && std::isnan(truth.rounded));
  const bool within = truth.lower < truth.upper && number >= truth.lower && number <= truth.upper;
  if (!truth.checked || same || within) return std::nullopt;
  // As conditioned as the number that it stands in for: of its own condition nothing is written down.
  reference::Component out = truth;
  out.rounded = out.lower = out.upper = number;
  out.digits.clear();
  out.offset = 0;
  return out;
}

CaseVerdict judge(const Case& question, const reference::Truth& truth,
                  std::span<const ConventionalAnswer> conventions, const Answer& answer,
                  std::span<const std::string> declared, const ComponentVisitor& visitor) {
  std::vector<Comparison> all = comparisons(question, truth, answer);
  for (const Comparison& c : all)
    if (std::string what = fault(c); !what.empty()) {
      CaseVerdict verdict;
      verdict.grade = Grade::wrong;
      verdict.ulps = infinity;
      verdict.where = c.where;
      verdict.protocol = std::move(what);
      return verdict;
    }

  const auto is_declared = [&](const ConventionalAnswer& c) {
    return std::ranges::find(declared, c.name) != declared.end();
  };
  for (const ConventionalAnswer& each : conventions)
    if (is_declared(each)) admit(each, all);
  const Sum sum = judge_all(all, question.dtype, visitor);
  CaseVerdict verdict = sum.verdict;
  if (verdict.convention = followed(sum); !verdict.convention.empty()) verdict.declared = true;
  if (verdict.grade <= Grade::stable) return verdict;
  for (const ConventionalAnswer& each : conventions) {
    if (is_declared(each)) continue;
    std::vector<Comparison> with = all;
    admit(each, with, true);
    if (judge_all(with, question.dtype, {}).verdict.grade > Grade::stable) continue;
    verdict.convention = each.name;
    verdict.declared = false;
    break;
  }
  return verdict;
}

}  // namespace assay
