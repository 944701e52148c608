// Total maps from bits to the numbers of a domain in a dtype, and the numbers worth asking about. Nothing
// here calls a math library: every number is made from its bits or from a decimal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "losses/spec/record.hpp"
#include "tools/cases/random.hpp"

namespace assay {

/// A number and how cases call it, in lower case with hyphens.
struct NamedNumber {
  std::string name;
  double value;
};

/// Every special number that an input of this domain may hold, NaN and the admitted infinities included: both
/// zeros, the ends, 1 and its neighbours, the least subnormal and normal numbers, the largest, each sign.
std::vector<NamedNumber> special_numbers(const Domain& domain, Dtype dtype);

/// A handful of them, one of each character, for cases that pair the specials of two inputs.
std::vector<NamedNumber> few_special_numbers(const Domain& domain, Dtype dtype);

/// Magnitudes from nothing to the end of the range, among them each side of the points where e^x overflows,
/// underflows or drowns beside 1, in both dtypes; negated when `negative`. Only what the domain admits; a
/// domain that is not symmetric is swept from end to end and has no negative side.
std::vector<double> magnitude_sweep(const Domain& domain, Dtype dtype, bool negative);

/// The numbers beside the thresholds of e^x and log(1+e^x) in this dtype, each with its neighbours.
std::vector<double> exponential_thresholds(const Domain& domain, Dtype dtype);

/// A number of moderate size of the domain; half of them have a full significand, half a short one.
double ordinary_number(const Domain& domain, Dtype dtype, Random& random);

/// Any number of the domain, finite: every exponent, subnormals, both zeros and ends, neighbours of 1,
/// integers.
double any_number(const Domain& domain, Dtype dtype, Random& random);

/// A parameter's values: moderate ones first, then the ends and extremes of the domain.
std::vector<NamedNumber> parameter_values(const Domain& domain, Dtype dtype);
std::vector<NamedNumber> extreme_parameter_values(const Domain& domain, Dtype dtype);

}  // namespace assay
