// THE table of number formats. What a dtype is, is said here; no other file asks which of them one is. A new
// one is an enumerator, a row, and what the compiler then asks for.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace assay {

inline constexpr double infinity = std::numeric_limits<double>::infinity();

enum class Dtype : std::uint8_t { f32, f64 };

/// 2^k for k in the normal range of binary64.
constexpr double power_of_two(int k) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52);
}

/// A binary interchange format (IEEE 754-2019, section 3.4). All else about it follows from these.
struct Format {
  std::string_view name{};  ///< as in cases, files and on the command line
  int precision = 0;        ///< bits of the significand, the hidden one included
  int max_exponent = 0;     ///< every finite number is below 2^max_exponent
  std::size_t bytes = 0;    ///< of a number

  /// The smallest positive number is 2^least_exponent: the last place of every subnormal number.
  [[nodiscard]] constexpr int least_exponent() const { return 3 - max_exponent - precision; }
  /// The smallest number of full precision is 2^least_normal_exponent.
  [[nodiscard]] constexpr int least_normal_exponent() const { return 2 - max_exponent; }
  [[nodiscard]] constexpr double largest() const {
    return (2 - power_of_two(1 - precision)) * power_of_two(max_exponent - 1);
  }
  [[nodiscard]] constexpr double smallest_normal() const { return power_of_two(least_normal_exponent()); }
  [[nodiscard]] constexpr double smallest_subnormal() const {
    return power_of_two(least_normal_exponent()) * power_of_two(1 - precision);
  }
  /// From 1 to the next larger number.
  [[nodiscard]] constexpr double epsilon() const { return power_of_two(1 - precision); }

  [[nodiscard]] constexpr std::uint64_t sign_bit() const { return std::uint64_t{1} << (8 * bytes - 1); }
  /// The pattern of +inf.
  [[nodiscard]] constexpr std::uint64_t infinity_bits() const {
    return sign_bit() - (std::uint64_t{1} << (precision - 1));
  }
  /// The pattern of the canonical NaN: positive, quiet, no payload.
  [[nodiscard]] constexpr std::uint64_t nan_bits() const {
    return infinity_bits() | (std::uint64_t{1} << (precision - 2));
  }
};

/// The row of the table: of the type whose numbers the dtype holds, converted by static_cast to the nearest.
/// Any other type has no name.
template <class T>
inline constexpr Format format_of{};
template <>
inline constexpr Format format_of<float>{.name = "f32", .precision = 24, .max_exponent = 128, .bytes = 4};
template <>
inline constexpr Format format_of<double>{.name = "f64", .precision = 53, .max_exponent = 1024, .bytes = 8};

/// Calls a lambda []<class T>() { ... } with the type of the dtype's numbers.
template <class Call>
constexpr decltype(auto) visit(Dtype dtype, Call&& call) {
  switch (dtype) {
    case Dtype::f32:
      return call.template operator()<float>();
    case Dtype::f64:
      break;
  }
  return call.template operator()<double>();
}

/// Every dtype, in the order of golden files and pages.
inline constexpr std::array dtypes{Dtype::f32, Dtype::f64};

/// One fact a dtype.
template <class Fact>
struct PerDtype {
  Fact f32, f64;

  [[nodiscard]] constexpr const Fact& operator[](Dtype dtype) const {
    switch (dtype) {
      case Dtype::f32:
        return f32;
      case Dtype::f64:
        break;
    }
    return f64;
  }
};

constexpr const Format& format(Dtype dtype) {
  return visit(dtype, []<class T>() -> const Format& { return format_of<T>; });
}
constexpr std::string_view name(Dtype dtype) { return format(dtype).name; }

inline constexpr auto dtype_names = [] {
  std::array<std::string_view, dtypes.size()> out;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = name(dtypes[i]);
  return out;
}();

/// The dtype of that name.
constexpr std::optional<Dtype> dtype_named(std::string_view name) {
  for (const Dtype each : dtypes)
    if (format(each).name == name) return each;
  return std::nullopt;
}

/// A type that holds the numbers of a dtype.
template <class T>
concept Number = !format_of<T>.name.empty();

/// The dtype whose numbers are of type T.
template <Number T>
inline constexpr Dtype dtype_of = *dtype_named(format_of<T>.name);

/// A number of the table's type as bits, as wide as it is.
template <Number T>
using BitsOf = std::conditional_t<format_of<T>.bytes == 2, std::uint16_t,
                                  std::conditional_t<format_of<T>.bytes == 4, std::uint32_t, std::uint64_t>>;

namespace detail {
template <Number T>
double rounded_at_run_time(double x) {
  const volatile double rounded = static_cast<double>(static_cast<T>(x));
  return rounded;
}
}  // namespace detail

/// x rounded once, to nearest, ties to even; overflow to infinity, gradual underflow.
/// g++ 12 vectorises two such conversions side by side, there and back, into a copy; what is volatile it
/// leaves alone.
constexpr double round_to(Dtype dtype, double x) {
  return visit(dtype, [x]<class T>() {
    if (std::is_constant_evaluated()) return static_cast<double>(static_cast<T>(x));
    return detail::rounded_at_run_time<T>(x);
  });
}

/// The pattern of x, a number of the dtype; every NaN the canonical one.
constexpr std::uint64_t pattern(Dtype dtype, double x) {
  return visit(dtype, [x]<class T>() -> std::uint64_t {
    return x != x ? format_of<T>.nan_bits() : std::bit_cast<BitsOf<T>>(static_cast<T>(x));
  });
}
/// The number of that pattern; every NaN the canonical one of binary64.
constexpr double from_pattern(Dtype dtype, std::uint64_t pattern) {
  const double x = visit(dtype, [pattern]<class T>() {
    return static_cast<double>(std::bit_cast<T>(static_cast<BitsOf<T>>(pattern)));
  });
  return x != x ? std::numeric_limits<double>::quiet_NaN() : x;
}

/// The neighbour of x, a number of the dtype other than NaN, towards +inf; past the largest it is +inf, which
/// stays.
constexpr double next_up(Dtype dtype, double x) {
  if (x == infinity) return x;
  const std::uint64_t bits = pattern(dtype, x == 0 ? 0. : x);
  return from_pattern(dtype, x < 0 ? bits - 1 : bits + 1);
}
/// Towards -inf.
constexpr double next_down(Dtype dtype, double x) { return -next_up(dtype, -x); }

/// The unit in the last place at x: never below the smallest subnormal, continuing past overflow. As an
/// exponent of 2.
inline int ulp_exponent(Dtype dtype, double x) {
  const Format& f = format(dtype);
  int e = f.least_normal_exponent();
  if (x != 0) {
    std::frexp(x, &e);
    --e;
  }
  return (e < f.least_normal_exponent() ? f.least_normal_exponent() : e) - f.precision + 1;
}

/// The shortest decimal that reads back to x, a number of the dtype: however it is shortest (0.1, 1e-40,
/// inf), or always as 1e-01, 1.5e-40.
std::string shortest_decimal(Dtype dtype, double x);
std::string shortest_scientific(Dtype dtype, double x);

}  // namespace assay
