#include "tools/golden/named_number.hpp"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "tools/text/codec_error.hpp"
#include "tools/text/decimal.hpp"
#include "tools/text/printable.hpp"

namespace assay {
namespace {

/// One operand: a name or a decimal, divided by a whole number or not.
double operand(std::string_view text, Dtype dtype, const std::string& where) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const double by = operand(text.substr(slash + 1), dtype, where);
    return operand(text.substr(0, slash), dtype, where) / by;
  }
  if (text == "max") return format(dtype).largest();
  if (text == "min_normal") return format(dtype).smallest_normal();
  if (text == "min_subnormal") return format(dtype).smallest_subnormal();
  if (text == "epsilon") return format(dtype).epsilon();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity") return infinity;
  double checked = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), checked);
  if (problem != std::errc{} || end != text.data() + text.size())
    fail_at(where, fmt::format("\"{}\" is no number and no name of one", printable(text)));
  return number_from_json(Json::number(text), dtype, where);
}

}  // namespace

double number_named(std::string_view expression, Dtype dtype, const std::string& where) {
  const bool negative = expression.starts_with('-');
  std::string_view left = expression.substr(negative ? 1 : 0), right;
  // The first sign that belongs to no exponent parts the two operands.
  std::size_t sign = std::string_view::npos;
  for (std::size_t i = 1; i < left.size() && sign == std::string_view::npos; ++i)
    if ((left[i] == '+' || left[i] == '-') && left[i - 1] != 'e') sign = i;
  if (sign == std::string_view::npos) {
    const double x = round_to(dtype, operand(left, dtype, where));
    return negative ? -x : x;
  }
  const bool minus = left[sign] == '-';
  right = left.substr(sign + 1);
  left = left.substr(0, sign);
  double x = operand(left, dtype, where);
  if (right.ends_with("ulp")) {
    right.remove_suffix(3);
    std::int64_t steps = right.empty() ? 1 : integer_from_json(Json::number(right), where);
    for (x = round_to(dtype, x); steps > 0; --steps) x = minus ? next_down(dtype, x) : next_up(dtype, x);
  } else {
    const double y = operand(right, dtype, where);
    x = round_to(dtype, minus ? x - y : x + y);
  }
  return negative ? -x : x;
}

}  // namespace assay
