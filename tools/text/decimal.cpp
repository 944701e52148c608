#include "tools/text/decimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "tools/text/codec_error.hpp"

namespace assay {
namespace {

/// A decimal as sign, significant digits without zeros at either end, and the exponent of its first digit.
struct Decimal {
  bool negative = false;
  std::string digits;  ///< empty for zero
  std::int64_t exponent = 0;

  explicit Decimal(std::string_view text) {
    std::int64_t point = 0, written = 0;
    bool fraction = false;
    std::size_t at = 0;
    if (at < text.size() && text[at] == '-') {
      negative = true;
      ++at;
    }
    for (; at < text.size() && text[at] != 'e' && text[at] != 'E'; ++at) {
      if (text[at] == '.') {
        fraction = true;
        continue;
      }
      if (!fraction) ++point;
      digits += text[at];
    }
    if (at < text.size()) {
      const std::string_view rest = text.substr(at + (at + 1 < text.size() && text[at + 1] == '+' ? 2 : 1));
      // An exponent too long for the type is far beyond every range, on the side that its sign says.
      if (std::from_chars(rest.data(), rest.data() + rest.size(), written).ec ==
          std::errc::result_out_of_range)
        written = rest.front() == '-' ? -far : far;
      written = std::clamp(written, -far, far);
    }
    const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size());
    digits.erase(0, first);
    digits.erase(digits.find_last_not_of('0') + 1);
    exponent = written + point - static_cast<std::int64_t>(first) - 1;
  }

 private:
  static constexpr std::int64_t far = std::int64_t{1} << 40;
};

template <class T>
T parsed(std::string_view text) {
  T x = 0;
  std::from_chars(text.data(), text.data() + text.size(), x);
  return x;
}

template <class T>
bool reads_back(std::string_view text, T x) {
  return parsed<T>(text) == x && static_cast<T>(parsed<double>(text)) == x;
}

/// One unit of the last digit farther from zero, or nearer to it; false where that takes another count of
/// digits.
bool step(std::string& digits, bool farther) {
  std::size_t at = digits.size();
  while (at > 0 && digits[at - 1] == (farther ? '9' : '0')) digits[--at] = farther ? '0' : '9';
  if (at == 0) return false;
  digits[at - 1] = static_cast<char>(digits[at - 1] + (farther ? 1 : -1));
  return true;
}

/// The shortest decimal of a float may lie so near the middle between two floats that the double next to it
/// is that middle, and reading it through binary64 goes wrong: 7.038531e-26. Then a longer one is needed. If
/// any decimal of n digits is good, one of the two that enclose x is, since both readings are monotonic.
template <class T>
std::string shortest_read_alike(T x) {
  const double exact = static_cast<double>(x);
  if (std::string text = shortest_scientific(dtype_of<T>, exact); reads_back(text, x)) return text;
  for (int n = 0;; ++n) {  // 17 digits always do: they name the double that x is
    std::array<char, 40> buffer;
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), exact, std::chars_format::scientific, n);
    const std::string nearest(buffer.data(), end.ptr);
    if (reads_back(nearest, x)) return nearest;
    // The other one of n + 1 digits that encloses x. Where it has another count of digits it was tried before
    // or will be.
    Decimal d(nearest);
    d.digits.resize(static_cast<std::size_t>(n) + 1, '0');
    if (!step(d.digits, std::fabs(parsed<double>(nearest)) < std::fabs(exact))) continue;
    const std::string other = fmt::format("{}{}.{}e{}", d.negative ? "-" : "", d.digits.substr(0, 1),
                                          n ? d.digits.substr(1) : "0", d.exponent);
    if (reads_back(other, x)) return other;
  }
}

template <class T>
double read_decimal(std::string_view text, std::string_view where) {
  T x = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), x);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument)
    fail_at(where, fmt::format("{} is not a number", excerpt(text)));
  if (error == std::errc::result_out_of_range) {
    // Said of both ends; what lies below half the least subnormal is a zero.
    if (const Decimal d(text); d.exponent < 0) return d.negative ? -0.0 : 0.0;
    fail_at(where, fmt::format("{} is beyond the range of {}; an infinity is written \"Infinity\"",
                               excerpt(text), format_of<T>.name));
  }
  return static_cast<double>(x);
}

}  // namespace

std::string decimal_text(bool negative, std::string_view digits, std::int64_t exponent) {
  const std::string_view sign = negative ? "-" : "";
  const auto count = static_cast<std::int64_t>(digits.size());
  if (exponent < -4 || exponent > 15)
    return fmt::format("{}{}{}{}e{}", sign, digits.substr(0, 1), count > 1 ? "." : "", digits.substr(1),
                       exponent);
  if (exponent < 0) return fmt::format("{}0.{:0>{}}", sign, digits, count - exponent - 1);
  const auto point = static_cast<std::size_t>(exponent + 1);
  if (count <= exponent + 1) return fmt::format("{}{:0<{}}", sign, digits, point);
  return fmt::format("{}{}.{}", sign, digits.substr(0, point), digits.substr(point));
}

std::string bits(Dtype dtype, double x) {
  return fmt::format("{:0{}x}", pattern(dtype, x), 2 * format(dtype).bytes);
}

std::optional<double> from_bits(Dtype dtype, std::string_view hex) {
  if (hex.size() != 2 * format(dtype).bytes) return std::nullopt;
  std::uint64_t out = 0;
  for (const char each : hex) {
    if (!(each >= '0' && each <= '9') && !(each >= 'a' && each <= 'f')) return std::nullopt;
    out = out << 4 | static_cast<std::uint64_t>(each <= '9' ? each - '0' : each - 'a' + 10);
  }
  return from_pattern(dtype, out);
}

std::string shortest(Dtype dtype, double x) {
  if (std::isnan(x)) return "NaN";
  x = round_to(dtype, x);
  if (std::isinf(x)) return x > 0 ? "Infinity" : "-Infinity";
  if (x == 0) return std::signbit(x) ? "-0.0" : "0";
  const Decimal d(visit(dtype, [x]<class T>() { return shortest_read_alike(static_cast<T>(x)); }));
  return decimal_text(d.negative, d.digits, d.exponent);
}

Json number_to_json(Dtype dtype, double x) {
  const std::string text = shortest(dtype, x);
  return text.ends_with('y') || text == "NaN" ? Json::string(text) : Json::number(text);
}

double number_from_json(const Json& value, Dtype dtype, std::string_view where) {
  if (value.is(Json::Kind::string)) {
    if (value.text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (value.text == "Infinity") return infinity;
    if (value.text == "-Infinity") return -infinity;
    fail_at(where,
            fmt::format("{} is not a number; the only texts that are numbers are \"NaN\", \"Infinity\" and "
                        "\"-Infinity\"",
                        excerpt(value.text)));
  }
  if (!value.is(Json::Kind::number)) fail_at(where, "must be a number");
  return visit(dtype, [&]<class T>() { return read_decimal<T>(value.text, where); });
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  const Decimal d(text);
  const auto count = static_cast<std::int64_t>(d.digits.size());
  if (count == 0) return 0;
  if (d.exponent < count - 1 || d.exponent > 18) return std::nullopt;
  const std::string all =
      (d.negative ? "-" : "") + d.digits + std::string(static_cast<std::size_t>(d.exponent + 1 - count), '0');
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), out);
  if (error != std::errc{} || end != all.data() + all.size()) return std::nullopt;
  return out;
}

std::int64_t integer_from_json(const Json& value, std::string_view where) {
  if (!value.is(Json::Kind::number)) fail_at(where, "must be a whole number");
  const auto whole = whole_number(value.text);
  if (!whole) fail_at(where, fmt::format("{} is not a whole number of 64 bits", excerpt(value.text)));
  return *whole;
}

}  // namespace assay
