#include "tools/text/truth_number.hpp"

#include <fmt/format.h>
#include <mpfr.h>

#include <limits>
#include <memory>

#include "tools/text/decimal.hpp"

namespace assay {

std::string sensitivity_text(double a) {
  if (a == 0) return "0";
  // 10001 a has at most 67 bits: exact in 128, so that the only rounding is the one to three digits, upwards.
  mpfr_t product;
  mpfr_init2(product, 128);
  mpfr_set_d(product, a, MPFR_RNDN);
  mpfr_mul_ui(product, product, 10001, MPFR_RNDN);
  mpfr_exp_t exponent = 0;
  const std::unique_ptr<char, decltype(&mpfr_free_str)> text(
      mpfr_get_str(nullptr, &exponent, 10, 3, product, MPFR_RNDU), &mpfr_free_str);
  mpfr_clear(product);

  // The value is 0.ddd 10^exponent, and 10^-4 of that is meant.
  std::string digits(text.get());
  // 1.80e308 is no number to a reader that has binary64 alone: the largest one it has stands for it.
  if (exponent - 5 > 308 || (exponent - 5 == 308 && digits > "179"))
    return shortest(Dtype::f64, std::numeric_limits<double>::max());
  digits.erase(digits.find_last_not_of('0') + 1);
  return decimal_text(false, digits, exponent - 5);
}

std::string offset_text(double offset) {
  // An exact result may lie half an ulp away, or a whole one below a power of two; no farther. fmt rounds a
  // binary64 number to decimals exactly.
  std::string text = fmt::format("{:.4f}", offset);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

}  // namespace assay
