#include "tools/judge/judge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <boost/multiprecision/mpfr.hpp>
#include <cmath>

namespace assay {
namespace {

// 400 bits: 40 decimal digits, a binary64 answer and their difference fit with room to spare.
using Big = boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<120>,
                                          boost::multiprecision::et_off>;

Big big_power_of_two(int exponent) { return ldexp(Big(1), exponent); }

/// The unit in the last place at x: never below the smallest subnormal, continuing past overflow.
Big ulp(const Big& x, const Format& f) {
  int exponent = f.least_normal_exponent();
  if (x != 0) {
    frexp(x, &exponent);
    exponent = std::max(exponent - 1, f.least_normal_exponent());
  }
  return big_power_of_two(exponent - f.precision + 1);
}

double next(double from, const Big& towards, Dtype d) {
  return towards > from ? next_up(d, from) : next_down(d, from);
}

/// A finite decimal. The logarithm of a result may itself be 10^308: where the exponent has more digits than
/// a dtype can tell apart, one of the same sign stands for it.
Big from_decimal(const std::string& text) {
  const std::size_t e = text.find_first_of("eE");
  if (e == std::string::npos || text.size() - e <= 7) return Big(text);
  const bool negative = text[e + 1] == '-';
  const std::size_t first = text.find_first_not_of("+-0", e + 1);
  const std::string exponent = first == std::string::npos ? "0" : text.substr(first);
  return Big(text.substr(0, e) + (negative ? "e-" : "e") + (exponent.size() > 6 ? "999999" : exponent));
}

/// The exact finite result, from its digits or from its distance to the rounded one.
Big unrounded(const reference::Component& truth, const Format& f) {
  const Big rounded = truth.rounded;
  if (!truth.digits.empty()) {
    const Big exact = from_decimal(truth.digits);
    // A machine number of more than 40 digits is told apart from its neighbourhood by nothing else.
    if (std::isfinite(truth.rounded) && abs(exact - rounded) <= abs(exact) * Big("1e-39")) return rounded;
    return exact;
  }
  if (truth.offset == 0) return rounded;
  // Below a power of two the unit is half of that above it; the offset counts in the unit at the exact
  // result.
  const Big outside = ulp(rounded, f);
  const bool inwards = (truth.offset < 0) == (truth.rounded > 0);
  const bool boundary = rounded != 0 && ldexp(ulp(rounded, f), f.precision - 1) == abs(rounded);
  const Big unit =
      inwards && boundary ? ulp(rounded - outside / 4 * (truth.rounded > 0 ? 1 : -1), f) : outside;
  return rounded + unit * truth.offset;
}

bool is_infinite(const reference::Component& truth) {
  return std::isinf(truth.rounded) && (truth.digits.empty() || truth.digits.find("nf") != std::string::npos);
}

/// Whether a tolerance around the exact result admits the answer: it is that near, or it is the infinity to
/// which a number that near rounds.
bool admits(const Big& tolerance, double answer, const Big& exact, const Format& f) {
  if (!std::isinf(answer)) return abs(exact - answer) <= tolerance;
  const Big overflow = big_power_of_two(f.max_exponent) - big_power_of_two(f.max_exponent - 1 - f.precision);
  return (answer > 0 ? exact : -exact) + tolerance >= overflow;
}

Grade grade_finite(double answer, const reference::Component& truth, const Big& exact, const Big& e,
                   Dtype dtype) {
  const Format& f = format(dtype);
  const double rounded = truth.rounded;
  if (answer == rounded) return Grade::correctly_rounded;

  // The neighbours of v are `rounded` and the next number on v's side of it; past overflow the grid goes on,
  // so that the greatest number is a neighbour only below the power of two that would follow it.
  const bool off_grid =
      std::isinf(rounded) ? abs(exact) < big_power_of_two(f.max_exponent) : exact != rounded;
  if (off_grid && answer == next(rounded, exact, dtype)) return Grade::faithful;
  if (std::isfinite(answer) && e <= 4) return Grade::tight;

  const int bound = sum_of_roundings(truth.input_count);
  // A sensitivity too large for a double is at least 2^1024, or belongs to a result at overflow, where the
  // exponential's condition is 710: the next power of two stands for it.
  const Big sensitivity = std::isnan(truth.sensitivity) ? Big(0)
                          : std::isinf(truth.sensitivity)
                              ? std::max(Big(abs(exact) * 1024), big_power_of_two(1024))
                              : Big(truth.sensitivity);
  const Big conditioned = sensitivity * big_power_of_two(-f.precision);
  if (admits(bound * std::max(ulp(exact, f), conditioned), answer, exact, f)) return Grade::stable;
  const Big scale = std::isfinite(truth.scale) ? Big(truth.scale) : Big(0);
  if (admits(bound * ulp(std::max(Big(abs(exact)), scale), f), answer, exact, f)) return Grade::absolute;

  const Big got = answer;
  if (std::isfinite(answer) && got * exact > 0 && abs(got) <= 2 * abs(exact) && 2 * abs(got) >= abs(exact))
    return Grade::inaccurate;
  return Grade::wrong;
}

ComponentVerdict judge_against(double answer, const reference::Component& truth, Dtype dtype) {
  if (std::isnan(truth.rounded) || std::isnan(answer))
    return std::isnan(truth.rounded) && std::isnan(answer) ? ComponentVerdict{}
                                                           : ComponentVerdict{Grade::wrong, infinity};
  if (is_infinite(truth))
    return answer == truth.rounded ? ComponentVerdict{} : ComponentVerdict{Grade::wrong, infinity};
  if (std::isinf(answer) && answer == truth.rounded) return {};

  const Format& f = format(dtype);
  const Big exact = unrounded(truth, f);
  // An infinity stands for whatever rounds to it: its distance is that of the nearest such number.
  const Big overflow = big_power_of_two(f.max_exponent) - big_power_of_two(f.max_exponent - 1 - f.precision);
  const Big nearest_meant = std::isinf(answer) ? Big(answer > 0 ? overflow : -overflow) : Big(answer);
  const Big e = abs(nearest_meant - exact) / ulp(exact, f);
  const Grade grade = grade_finite(answer, truth, exact, e, dtype);
  return {grade, std::isinf(answer) && grade == Grade::wrong ? infinity : e.convert_to<double>()};
}

template <class Verdict>
bool worse(const ComponentVerdict& a, const Verdict& b) {
  return a.grade != b.grade ? a.grade > b.grade : a.ulps > b.ulps;
}

/// What one tensor of an answer is held against.
struct Comparison {
  std::string where;  ///< "value", "gradient.logits"
  const Tensor* got = nullptr;
  const reference::TensorTruth* truth = nullptr;
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

CaseVerdict judge_all(const std::vector<Comparison>& all, Dtype dtype, const ComponentVisitor& visitor = {}) {
  CaseVerdict verdict;
  for (const Comparison& c : all) {
    ComponentVerdict& part = c.truth == all.front().truth ? verdict.value : verdict.gradient;
    for (std::size_t i = 0; i < c.truth->components.size(); ++i) {
      const ComponentVerdict each = judge(c.got->real[i], c.truth->components[i], dtype);
      if (visitor) visitor({c.where, *c.truth, i, each});
      if (worse(each, part)) part = each;
      if (!verdict.where.empty() && !worse(each, verdict)) continue;
      verdict.grade = each.grade;
      verdict.ulps = each.ulps;
      verdict.where = c.truth->shape.empty() ? c.where : fmt::format("{}[{}]", c.where, i);
      verdict.got = c.got->real[i];
      verdict.truth = c.truth->components[i];
    }
  }
  return verdict;
}

/// The convention's numbers, as conditioned as those that they stand in for.
void replace(reference::TensorTruth& truth, const Tensor& by) {
  if (truth.shape != by.shape || truth.components.size() != by.real.size()) return;
  for (std::size_t i = 0; i < by.real.size(); ++i) {
    reference::Component& c = truth.components[i];
    if (!c.checked) continue;
    c.rounded = c.lower = c.upper = by.real[i];
    c.digits.clear();
    c.offset = 0;
  }
}

bool matches(const ConventionalAnswer& convention, const Case& question, reference::Truth truth,
             const Answer& answer) {
  replace(truth.value, convention.value);
  for (const auto& [name, tensor] : convention.gradient)
    if (const auto found = truth.gradient.find(name); found != truth.gradient.end())
      replace(found->second, tensor);
  return judge_all(comparisons(question, truth, answer), question.dtype).grade <= Grade::stable;
}

}  // namespace

int sum_of_roundings(std::int64_t input_count) {
  return 8 + 2 * static_cast<int>(
                     std::bit_width(static_cast<std::uint64_t>(std::max<std::int64_t>(input_count, 1) - 1)));
}

ComponentVerdict judge(double answer, const reference::Component& truth, Dtype dtype) {
  if (!truth.checked) return {};
  if (!(truth.lower < truth.upper)) return judge_against(answer, truth, dtype);
  if (answer >= truth.lower && answer <= truth.upper) return {};
  // Outside the hull the nearer end is the exact result.
  reference::Component end = truth;
  end.rounded = end.lower = end.upper = answer > truth.upper ? truth.upper : truth.lower;
  end.digits.clear();
  end.offset = 0;
  return judge_against(answer, end, dtype);
}

CaseVerdict judge(const Case& question, const reference::Truth& truth,
                  std::span<const ConventionalAnswer> conventions, const Answer& answer,
                  const ComponentVisitor& visitor) {
  const std::vector<Comparison> all = comparisons(question, truth, answer);
  for (const Comparison& c : all)
    if (std::string what = fault(c); !what.empty()) {
      CaseVerdict verdict;
      verdict.grade = Grade::wrong;
      verdict.ulps = infinity;
      verdict.where = c.where;
      verdict.protocol = std::move(what);
      return verdict;
    }

  CaseVerdict verdict = judge_all(all, question.dtype, visitor);
  if (verdict.grade <= Grade::stable) return verdict;
  const auto followed =
      std::find_if(conventions.begin(), conventions.end(),
                   [&](const ConventionalAnswer& each) { return matches(each, question, truth, answer); });
  if (followed != conventions.end()) verdict.convention = followed->name;
  return verdict;
}

double condition(const reference::Component& truth) {
  if (!std::isfinite(truth.rounded)) return std::nan("");
  if (truth.rounded == 0) return truth.sensitivity > 0 ? infinity : std::nan("");
  return truth.sensitivity / std::fabs(truth.rounded);
}

}  // namespace assay
