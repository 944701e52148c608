#include "tools/judge/judge.hpp"

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

ComponentVerdict judge_rounded(double answer, const reference::Component& expected, Dtype dtype) {
  ComponentVerdict verdict = judge(answer, expected, dtype);
  if (!expected.checked || verdict.grade == Grade::correctly_rounded) return verdict;
  // The exact number may lie half a unit nearer to the answer.
  reference::Component nearest = expected;
  nearest.digits.clear();
  nearest.offset = answer > expected.rounded ? .5 : -.5;
  verdict.grade = judge(answer, nearest, dtype).grade;
  return verdict;
}

double condition(const reference::Component& truth) {
  if (!std::isfinite(truth.rounded)) return std::nan("");
  if (truth.rounded == 0) return truth.sensitivity > 0 ? infinity : std::nan("");
  return truth.sensitivity / std::fabs(truth.rounded);
}

}  // namespace assay
