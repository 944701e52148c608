#include "reference/truth/rounding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::reference {
namespace {

class Exact {  // one arf_t
 public:
  Exact() { arf_init(x_); }
  ~Exact() { arf_clear(x_); }
  Exact(const Exact&) = delete;
  Exact& operator=(const Exact&) = delete;
  operator arf_ptr() { return x_; }  // NOLINT

 private:
  arf_t x_;
};

class Integer {  // one fmpz_t
 public:
  Integer() { fmpz_init(x_); }
  ~Integer() { fmpz_clear(x_); }
  Integer(const Integer&) = delete;
  Integer& operator=(const Integer&) = delete;
  operator fmpz*() { return x_; }  // NOLINT

 private:
  fmpz_t x_;
};

constexpr long far = 1L << 40;  // beyond every exponent that matters here

// e with 2^(e-1) <= |x| < 2^e, clamped to +-far.
long exponent_of(const arf_t x) {
  const fmpz* e = ARF_EXPREF(x);
  if (!COEFF_IS_MPZ(*e)) return std::clamp(static_cast<long>(*e), -far, far);
  return fmpz_sgn(e) > 0 ? far : -far;
}

}  // namespace

long ulp_exponent(const arf_t x, Dtype dtype) {
  const Format f = format(dtype);
  return std::max<long>(exponent_of(x) - f.precision, f.least_exponent());
}

double round_once(const arf_t x, Dtype dtype) {
  if (arf_is_zero(x)) return 0;
  if (arf_is_nan(x)) return std::numeric_limits<double>::quiet_NaN();
  const double sign = arf_sgn(x) < 0 ? -1 : 1;
  const Format f = format(dtype);
  const long e = exponent_of(x);
  if (arf_is_inf(x) || e > f.max_exponent) return sign * infinity;
  if (e < f.least_exponent()) return 0;  // below half the least subnormal
  const long last = std::max<long>(e - f.precision, f.least_exponent());
  Exact scaled;
  Integer whole;
  arf_mul_2exp_si(scaled, x, -last);
  arf_get_fmpz(whole, scaled, ARF_RND_NEAR);
  const double rounded = std::ldexp(static_cast<double>(fmpz_get_si(whole)), static_cast<int>(last));
  const double limit = std::ldexp(1 - std::ldexp(1, -f.precision), f.max_exponent);
  if (std::abs(rounded) > limit) return sign * infinity;
  return rounded == 0 ? 0 : rounded;
}

// To far more bits than the dtype has, with a last bit that says whether
// anything follows: then rounding sees a tie only where there is one. The
// fraction is n/d = q + r/d after n is scaled so that q has 2^shift's bits.
double round_fraction(const std::string& fraction, int beside, Dtype dtype) {
  if (fraction == "0") return 0;
  const std::size_t bar = fraction.find('/');
  Integer numerator, denominator, quotient, remainder;
  fmpz_set_str(numerator, fraction.substr(0, bar).c_str(), 10);
  fmpz_set_str(denominator, bar == std::string::npos ? "1" : fraction.substr(bar + 1).c_str(), 10);
  const bool negative = fmpz_sgn(numerator) < 0;
  fmpz_abs(numerator, numerator);
  const long shift = std::max<long>(
      0, 128 + static_cast<long>(fmpz_bits(denominator)) - static_cast<long>(fmpz_bits(numerator)));
  fmpz_mul_2exp(numerator, numerator, static_cast<ulong>(shift));
  fmpz_fdiv_qr(quotient, remainder, numerator, denominator);
  fmpz_mul_2exp(quotient, quotient, 1);
  if (!fmpz_is_zero(remainder))
    fmpz_add_ui(quotient, quotient, 1);
  else if (beside != 0 && (beside > 0) != negative)
    fmpz_add_ui(quotient, quotient, 1);
  else if (beside != 0)
    fmpz_sub_ui(quotient, quotient, 1);
  Exact sticky;
  arf_set_fmpz(sticky, quotient);
  arf_mul_2exp_si(sticky, sticky, -shift - 1);
  if (negative) arf_neg(sticky, sticky);
  return round_once(sticky, dtype);
}

std::optional<double> round_ball(arb_srcptr ball, Dtype dtype) {
  if (!arb_is_finite(ball)) return std::nullopt;
  if (mag_is_zero(arb_radref(ball))) return round_once(arb_midref(ball), dtype);
  Exact radius, low, high;
  arf_set_mag(radius, arb_radref(ball));
  // Endpoints rounded outwards, and not before the midpoint's own last bits: a tie may be broken there.
  // Exactly is not an option, a radius may be e^-10^30.
  const long bits = arb_bits(ball) + 128;
  arf_sub(low, arb_midref(ball), radius, bits, ARF_RND_FLOOR);
  arf_add(high, arb_midref(ball), radius, bits, ARF_RND_CEIL);
  const double a = round_once(low, dtype), b = round_once(high, dtype);
  if (a != b) return std::nullopt;
  return a;
}

std::string decimal(bool negative, std::string digits, long exponent) {
  while (digits.size() > 1 && digits.back() == '0') {
    digits.pop_back();
    ++exponent;
  }
  if (digits == "0") return "0";
  const long point = static_cast<long>(digits.size()) + exponent;  // 0.DIGITS * 10^point
  std::string text;
  if (point > -5 && point <= 0)
    text = "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  else if (point > 0 && point <= decimal_digits && point >= static_cast<long>(digits.size()))
    text = digits + std::string(static_cast<std::size_t>(point) - digits.size(), '0');
  else if (point > 0 && point <= decimal_digits)
    text = digits.substr(0, static_cast<std::size_t>(point)) + "." +
           digits.substr(static_cast<std::size_t>(point));
  else
    text = digits.substr(0, 1) + (digits.size() > 1 ? "." + digits.substr(1) : "") + "e" +
           std::to_string(point - 1);
  return (negative ? "-" : "") + text;
}

std::optional<std::string> decimal(arb_srcptr ball) {
  if (arb_is_zero(ball)) return "0";
  if (!arb_is_finite(ball) || arb_contains_zero(ball)) return std::nullopt;
  const double binary = static_cast<double>(exponent_of(arb_midref(ball)));
  if (std::abs(binary) > 1e9) return std::nullopt;  // nobody reads a billion digits of exponent
  // 10^(shift) * |v| lies in [10^39, 10^41): one step decides which power it is.
  long shift = decimal_digits - 1 - static_cast<long>(std::floor((binary - 1) * 0.30102999566398120));
  const long bits = arb_is_exact(ball) ? std::max<long>(4096, arb_bits(ball) + 8 * std::abs(shift) + 512)
                                       : arb_rel_accuracy_bits(ball) + 256;
  Integer limit, low, high;
  fmpz_ui_pow_ui(limit, 10, decimal_digits);
  for (int attempt = 0; attempt < 3; ++attempt) {
    Ball scale, scaled;
    arb_set_ui(scale, 10);
    arb_pow_ui(scale, scale, static_cast<ulong>(std::abs(shift)), bits);
    if (shift >= 0)
      arb_mul(scaled, ball, scale, bits);
    else
      arb_div(scaled, ball, scale, bits);
    arb_abs(scaled, scaled);
    Exact edge;
    arb_get_lbound_arf(edge, scaled, bits);
    arf_get_fmpz(low, edge, ARF_RND_NEAR);
    arb_get_ubound_arf(edge, scaled, bits);
    arf_get_fmpz(high, edge, ARF_RND_NEAR);
    if (!fmpz_equal(low, high)) return std::nullopt;
    // 41 digits: one shift too many. Exactly 10^40 by rounding up is 1 followed by zeros: fine as it is.
    if (fmpz_cmp(low, limit) > 0) {
      --shift;
      continue;
    }
    char* text = fmpz_get_str(nullptr, 10, low);
    std::string digits(text);
    flint_free(text);
    if (digits.size() < decimal_digits) {
      ++shift;
      continue;
    }
    return decimal(arf_sgn(arb_midref(ball)) < 0, std::move(digits), -shift);
  }
  return std::nullopt;
}

}  // namespace assay::reference
