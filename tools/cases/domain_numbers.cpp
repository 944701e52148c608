#include "tools/cases/domain_numbers.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

namespace assay {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool both_signs(const Domain& domain) {
  return domain.kind == Domain::Kind::nonzero ||
         (domain.kind == Domain::Kind::interval && domain.low == -infinity && domain.high == infinity);
}

bool bounded(const Domain& domain) {
  return domain.kind == Domain::Kind::interval && domain.low > -infinity && domain.high < infinity;
}

/// The nearest number that is inside: an open end itself is not.
double lowest(const Domain& domain, Dtype dtype) {
  if (domain.low == -infinity) return -format(dtype).largest();
  return domain.low_open ? next_up(dtype, domain.low) : domain.low;
}
double highest(const Domain& domain, Dtype dtype) {
  if (domain.high == infinity) return format(dtype).largest();
  return domain.high_open ? next_down(dtype, domain.high) : domain.high;
}

/// A total map: what lies outside is replaced by something inside that depends on it alone.
double folded_into(const Domain& domain, Dtype dtype, double x) {
  if (domain.contains(x) && x != infinity && x != -infinity) return x;
  switch (domain.kind) {
    case Domain::Kind::nonzero:
      return 1;
    case Domain::Kind::points:
    case Domain::Kind::one_hot: {
      const bool first = (pattern(dtype, x < 0 ? -x : x) & 1) == 0;
      if (domain.kind == Domain::Kind::one_hot) return first ? 0 : 1;
      return first ? domain.low : domain.high;
    }
    case Domain::Kind::class_index:
    case Domain::Kind::class_index_or_ignored:
    case Domain::Kind::class_index_or_end:
    case Domain::Kind::length:
    case Domain::Kind::group:
      return 0;
    case Domain::Kind::interval:
      break;
  }
  if (domain.contains(-x) && x != infinity && x != -infinity) return -x;
  if (bounded(domain)) {
    // Fold the significand into the interval: the exponent says nothing about a place in it.
    const std::uint64_t fraction = pattern(dtype, x < 0 ? -x : x) & 0x7fffff;
    const double place = static_cast<double>(fraction) * power_of_two(-23);
    return std::clamp(round_to(dtype, domain.low + place * (domain.high - domain.low)), lowest(domain, dtype),
                      highest(domain, dtype));
  }
  return std::clamp(x, lowest(domain, dtype), highest(domain, dtype));
}

void add(std::vector<NamedNumber>& out, const Domain& domain, Dtype dtype, std::string name, double value) {
  value = round_to(dtype, value);
  if (value == value && !domain.contains(value)) return;
  for (const NamedNumber& each : out)
    if (std::bit_cast<std::uint64_t>(each.value) == std::bit_cast<std::uint64_t>(value)) return;
  out.push_back({std::move(name), value});
}

std::vector<double> admitted(const std::vector<double>& all, const Domain& domain, Dtype dtype) {
  std::vector<double> out;
  for (const double each : all) {
    const double x = round_to(dtype, each);
    if (x - x == 0 && domain.contains(x) && std::find(out.begin(), out.end(), x) == out.end())
      out.push_back(x);
  }
  return out;
}

}  // namespace

std::vector<NamedNumber> special_numbers(const Domain& domain, Dtype dtype) {
  std::vector<NamedNumber> out;
  const double eps = format(dtype).epsilon();
  for (const bool negative : {false, true}) {
    const double sign = negative ? -1 : 1;
    const std::string prefix = negative ? "minus-" : "";
    const auto one = [&](const std::string& name, double value) {
      add(out, domain, dtype, prefix + name, sign * value);
    };
    one("zero", 0);
    one("least-subnormal", format(dtype).smallest_subnormal());
    one("largest-subnormal", next_down(dtype, format(dtype).smallest_normal()));
    one("least-normal", format(dtype).smallest_normal());
    one("epsilon", eps);
    one("below-one", 1 - eps / 2);
    one("one", 1);
    one("above-one", 1 + eps);
    one("half", .5);
    one("integer-limit", 2 / eps);  // from here on only even integers
    one("largest", format(dtype).largest());
  }
  if (domain.kind == Domain::Kind::interval) {
    if (domain.low > -infinity) {
      add(out, domain, dtype, "low-end", lowest(domain, dtype));
      add(out, domain, dtype, "above-low-end", next_up(dtype, lowest(domain, dtype)));
    }
    if (domain.high < infinity) {
      add(out, domain, dtype, "high-end", highest(domain, dtype));
      add(out, domain, dtype, "below-high-end", next_down(dtype, highest(domain, dtype)));
    }
  }
  if (domain.infinities) {
    add(out, domain, dtype, "infinity", infinity);
    add(out, domain, dtype, "minus-infinity", -infinity);
  }
  add(out, domain, dtype, "nan", nan);
  return out;
}

std::vector<NamedNumber> few_special_numbers(const Domain& domain, Dtype dtype) {
  std::vector<NamedNumber> out;
  const auto one = [&](std::string name, double value) { add(out, domain, dtype, std::move(name), value); };
  one("zero", 0);
  one("one", 1);
  one("minus-one", -1);
  one("least-subnormal", format(dtype).smallest_subnormal());
  if (bounded(domain)) {
    one("half", .5);
    one("below-one", 1 - format(dtype).epsilon() / 2);
  } else {
    one("largest", format(dtype).largest());
    one("minus-largest", -format(dtype).largest());
  }
  if (domain.infinities) {
    one("infinity", infinity);
    one("minus-infinity", -infinity);
  }
  one("nan", nan);
  return out;
}

std::vector<double> magnitude_sweep(const Domain& domain, Dtype dtype, bool negative) {
  const double eps = format(dtype).epsilon(), least = format(dtype).smallest_subnormal(),
               normal = format(dtype).smallest_normal();
  if (domain.discrete()) return {};
  if (bounded(domain)) {
    if (negative) return {};
    std::vector<double> places{0,    least, normal / 8, normal, 1e-38, 1e-15, 1e-12,
                               1e-7, eps,   1e-3,       .1,     .25,   .5};
    const std::size_t count = places.size();
    for (std::size_t i = 0; i < count; ++i) places.push_back(1 - places[count - 1 - i]);
    places.push_back(1 - eps / 2);
    for (double& each : places) each = domain.low + each * (domain.high - domain.low);
    return admitted(places, domain, dtype);
  }
  if (!both_signs(domain)) {
    if (negative) return {};
    return admitted({0,
                     least,
                     normal / 8,
                     normal,
                     1e-30,
                     1e-15,
                     1e-7,
                     eps,
                     1e-3,
                     .5,
                     1,
                     2,
                     16,
                     100,
                     1e4,
                     1e7,
                     1e16,
                     1e30,
                     format(dtype).largest() / 4,
                     format(dtype).largest()},
                    domain, dtype);
  }
  std::vector<double> out{
      0,  least, normal / 8, normal, 1e-20, eps, 1e-3, 1,   16,  17,  18,  33,   37,
      80, 87,    88,         89,     100,   104, 709,  710, 745, 746, 1e4, 1e16, format(dtype).largest() / 4};
  if (negative)
    for (double& each : out) each = -each;
  return admitted(out, domain, dtype);
}

std::vector<double> exponential_thresholds(const Domain& domain, Dtype dtype) {
  if (!both_signs(domain)) return {};
  // Logarithms of the first power of two past the range, and -log of: the least normal and least subnormal
  // number, half of that, epsilon, half of it, and the roots of epsilon's half and quarter, where the second
  // term of 1 + e^-2x drowns. `python3 -c "from mpmath import *; print([log(mpf(2)**k) for k in (128, 126,
  // 149, 150, 23, 24, 12, 12.5)])"`, and (1024, 1022, 1074, 1075, 52, 53, 26.5, 27) for binary64.
  static constexpr PerDtype<std::array<double, 8>> thresholds{
      .f32 = {88.722839111673, 87.336544750553109, 103.27892990343185, 103.9720770839918, 15.942385152878742,
              16.635532333438687, 8.3177661667193437, 8.6643397569993164},
      .f64 = {709.782712893384, 708.39641853226411, 744.44007192138126, 745.13321910194121,
              36.043653389117156, 36.736800569677101, 18.368400284838551, 18.714973875118523}};
  std::vector<double> out;
  for (const double each : thresholds[dtype])
    for (const double sign : {1., -1.}) {
      const double x = sign * round_to(dtype, each);
      for (const double beside : {next_down(dtype, x), x, next_up(dtype, x)}) out.push_back(beside);
    }
  return admitted(out, domain, dtype);
}

double ordinary_number(const Domain& domain, Dtype dtype, Random& random) {
  const std::uint64_t draw = random.bits();
  // A significand of 8 or of all bits, an exponent from -2 to 1, and a sign.
  const bool short_one = (draw & 1) != 0;
  const int bits = short_one ? 6 : format(dtype).precision - 1;
  const std::uint64_t fraction = (draw >> 12) >> (52 - bits);
  const double significand = 1 + static_cast<double>(fraction) * power_of_two(-bits);
  const double size = significand * power_of_two(static_cast<int>((draw >> 1) & 3) - 2);
  const double x = round_to(dtype, (draw & 8) != 0 ? -size : size);
  if (!bounded(domain)) return folded_into(domain, dtype, x);
  const double inside = domain.low + (domain.high - domain.low) * (significand - 1);
  return std::clamp(round_to(dtype, inside), lowest(domain, dtype), highest(domain, dtype));
}

double any_number(const Domain& domain, Dtype dtype, Random& random) {
  const std::uint64_t kind = random.below(16), draw = random.bits();
  const double sign = (draw >> 63) != 0 ? -1 : 1;
  if (kind < 5) return ordinary_number(domain, dtype, random);
  if (kind < 8)
    return folded_into(domain, dtype, sign * from_pattern(dtype, draw % format(dtype).infinity_bits()));
  if (kind == 8)
    return folded_into(domain, dtype,
                       sign * from_pattern(dtype, draw % pattern(dtype, format(dtype).smallest_normal())));
  if (kind == 9) {  // within a few units of 1
    const double x = from_pattern(dtype, pattern(dtype, 1) - 4 + draw % 9);
    return folded_into(domain, dtype, sign * x);
  }
  if (kind == 10) return folded_into(domain, dtype, sign * static_cast<double>(draw % 128));
  if (kind == 11) {  // quarters: sums and differences of these meet margins and deltas exactly
    return folded_into(domain, dtype, sign * static_cast<double>(draw % 17) / 4);
  }
  if (kind == 12 && domain.kind == Domain::Kind::interval) {  // a few numbers away from an end
    double x = (draw & 1) != 0 ? lowest(domain, dtype) : highest(domain, dtype);
    for (std::uint64_t steps = (draw >> 1) % 4; steps > 0; --steps)
      x = (draw & 1) != 0 ? next_up(dtype, x) : next_down(dtype, x);
    return folded_into(domain, dtype, x);
  }
  const std::vector<NamedNumber> all = special_numbers(domain, dtype);
  const double x = all[draw % all.size()].value;
  return folded_into(domain, dtype, x - x == 0 ? x : sign);
}

std::vector<NamedNumber> parameter_values(const Domain& domain, Dtype dtype) {
  std::vector<NamedNumber> out;
  for (const auto& [name, value] : std::array<std::pair<const char*, double>, 10>{{{"0.1", .1},
                                                                                   {"1.5", 1.5},
                                                                                   {"0.5", .5},
                                                                                   {"3", 3},
                                                                                   {"0.01", .01},
                                                                                   {"0.75", .75},
                                                                                   {"minus-0.5", -.5},
                                                                                   {"10", 10},
                                                                                   {"0", 0},
                                                                                   {"1", 1}}})
    add(out, domain, dtype, name, value);
  return out;
}

std::vector<NamedNumber> extreme_parameter_values(const Domain& domain, Dtype dtype) {
  std::vector<NamedNumber> out;
  add(out, domain, dtype, "least-subnormal", format(dtype).smallest_subnormal());
  add(out, domain, dtype, "below-one", 1 - format(dtype).epsilon() / 2);
  if (domain.kind == Domain::Kind::interval) {
    add(out, domain, dtype, bounded(domain) ? "low-end" : "lowest", lowest(domain, dtype));
    add(out, domain, dtype, bounded(domain) ? "high-end" : "largest", highest(domain, dtype));
  }
  return out;
}

}  // namespace assay
