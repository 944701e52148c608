#include "tools/reports/error_kind.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/text/decimal.hpp"

namespace assay {
namespace {

/// What rounding leaves of a number is near it by the size of what it is computed from. Beyond this part of
/// that size another number came.
constexpr double near = .01;

/// Two ratios of numbers that were rounded are the same one.
double slack(Dtype dtype) { return std::max(1e-4, std::ldexp(8, -format(dtype).precision)); }

}  // namespace

std::string_view words(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::none:
      return "is right";
    case ErrorKind::no_answer:
      return "no answer";
    case ErrorKind::error:
      return "an error in place of an answer";
    case ErrorKind::skipped:
      return "skipped though it is offered";
    case ErrorKind::invalid_answered:
      return "an answer to a request outside the domain";
    case ErrorKind::broken_promise:
      return "a broken promise";
    case ErrorKind::nan_for_number:
      return "is NaN where a number is due";
    case ErrorKind::nan_for_infinity:
      return "is NaN where an infinity is due";
    case ErrorKind::infinity_for_number:
      return "is infinite where a number is due";
    case ErrorKind::number_for_nan:
      return "is a number where NaN is due";
    case ErrorKind::number_for_infinity:
      return "is a number where an infinity is due";
    case ErrorKind::infinity_of_wrong_sign:
      return "is the other infinity";
    case ErrorKind::no_subgradient:
      return "is no subgradient";
    case ErrorKind::zero_for_number:
      return "is 0 where a number is due";
    case ErrorKind::wrong_sign:
      return "has the wrong sign";
    case ErrorKind::lost_digits:
      return "loses digits";
    case ErrorKind::other_number:
      break;
  }
  return "is another number";
}

ErrorKind kind_of(double got, const reference::Component& truth, double scale) {
  if (truth.lower < truth.upper)
    return std::isnan(got) ? ErrorKind::nan_for_number : ErrorKind::no_subgradient;
  const double due = truth.rounded;
  if (std::isnan(due)) return ErrorKind::number_for_nan;
  if (std::isnan(got)) return std::isinf(due) ? ErrorKind::nan_for_infinity : ErrorKind::nan_for_number;
  if (std::isinf(due))
    return std::isinf(got) ? ErrorKind::infinity_of_wrong_sign : ErrorKind::number_for_infinity;
  if (std::isinf(got)) return ErrorKind::infinity_for_number;
  const double size = std::max(std::fabs(due), std::isfinite(scale) ? scale : 0);
  if (std::fabs(got - due) <= near * size) return ErrorKind::lost_digits;
  if (got == 0) return ErrorKind::zero_for_number;
  if (got * due < 0 || (due != 0 && std::signbit(got) != std::signbit(due))) return ErrorKind::wrong_sign;
  return ErrorKind::other_number;
}

void tell_component(Told& told, double got, const reference::Component& truth, Grade grade, Dtype dtype) {
  told.got = shortest(dtype, got);
  told.expected = truth.lower < truth.upper ? fmt::format("between {} and {}", shortest(dtype, truth.lower),
                                                          shortest(dtype, truth.upper))
                                            : shortest(dtype, truth.rounded);
  told.kind = kind_of(got, truth, truth.scale);
  // By the grade's own definition these are the digits that the scale of the formula leaves.
  if (grade == Grade::absolute && std::isfinite(got)) told.kind = ErrorKind::lost_digits;
}

std::string_view output_of(std::string_view where) {
  return where.starts_with("gradient") ? "gradient" : "value";
}

CommonFactor common_factor(const std::string& where, const reference::Truth& truth, const Answer& answer,
                           Dtype dtype, Grade required) {
  const std::string name = where.substr(0, where.find('['));
  const bool is_value = name == "value";
  const std::string input = is_value ? "" : name.substr(std::string_view("gradient.").size());
  const auto expected = truth.gradient.find(input);
  const auto given = answer.gradient.find(input);
  if (!is_value && (expected == truth.gradient.end() || given == answer.gradient.end())) return {};
  const std::vector<reference::Component>& due = (is_value ? truth.value : expected->second).components;
  const std::vector<double>& got = (is_value ? answer.value : given->second).real;
  CommonFactor out;
  double least = infinity, most = -infinity;
  for (std::size_t i = 0; i < std::min(due.size(), got.size()); ++i) {
    if (judge(got[i], due[i], dtype).grade <= required) continue;
    const double ratio = got[i] / due[i].rounded;
    if (!std::isfinite(ratio) || ratio == 0 || due[i].lower < due[i].upper) return {};
    least = std::min(least, ratio);
    most = std::max(most, ratio);
    ++out.numbers;
  }
  if (out.numbers == 0 || most - least > slack(dtype) * std::max(std::fabs(least), std::fabs(most)))
    return {};
  out.factor = (least + most) / 2;
  return out;
}

std::string factor_words(double factor) {
  // A ratio of rounded numbers: what is next to a whole one, or to the inverse of one, is that.
  const auto whole = [](double x) { return std::fabs(x - std::round(x)) <= 1e-3 * std::fabs(x); };
  const double size = std::fabs(factor);
  const std::string_view sign = factor < 0 ? "minus " : "";
  if (whole(factor) && std::round(factor) == -1) return "has the opposite sign";
  if (whole(1 / size) && std::round(1 / size) == 2)
    return fmt::format("is {}half of what it should be", sign);
  if (whole(size) && std::round(size) == 2) return fmt::format("is {}twice what it should be", sign);
  if (whole(size) && size >= 1)
    return fmt::format("is {}{:.0f} times what it should be", sign, std::round(size));
  if (whole(1 / size)) return fmt::format("is {}1/{:.0f} of what it should be", sign, std::round(1 / size));
  return fmt::format("is {}{:.4g} times what it should be", sign, size);
}

}  // namespace assay
